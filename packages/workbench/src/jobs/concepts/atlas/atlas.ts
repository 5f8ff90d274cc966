/** The atlas of concepts: for each channel its reference samples, cut to what the channel sees, beside the map of the decision through that channel alone. */
import { type ConceptResult, type ConceptTask, type ConceptValue, fail, type Mode, type Ranked } from "@backlit/core";
import type { JudgingSession } from "../../evaluate/session.ts";
import type { JobContext } from "../../request.ts";
import { boxesOf } from "../../tiles/box.ts";
import { tilesOf } from "../../tiles/tiles.ts";
import type { Atlas, AtlasAsked, AtlasChannel, AtlasTile } from "./result.ts";

interface Opened extends JudgingSession {
  readonly task: ConceptTask;
}

const [CHANNELS, TILES] = [24, 4];

/** Errors: those of `explain`; Aborted. */
export const atlasOf = async (
  opened: Opened,
  result: ConceptResult,
  { channels = CHANNELS }: AtlasAsked,
  context: JobContext,
): Promise<Atlas> => {
  const values: Record<string, readonly AtlasChannel[]> = {};
  for (const [name, value] of Object.entries(result.values)) {
    const shown = largest(value, channels);
    context.listener.progress(`drawing ${shown.length} channels of ${name}`);
    values[name] = await drawn(opened, result, { name, value, shown }, context);
  }
  return { share: opened.task.share ?? true, values };
};

const modesOf = ({ references }: ConceptValue) => Object.keys(references) as Mode[];

/** Channels in order of what they are ranked by first. */
const largest = (value: ConceptValue, most: number): readonly number[] => {
  const [mode] = modesOf(value);
  const never = new Set(value.never[mode!]);
  const { top } = value.references[mode!]!;
  return [...top.keys()]
    .filter((channel) => top[channel]!.length > 0 && !never.has(channel))
    .sort((a, b) => top[b]![0]!.value - top[a]![0]!.value || a - b)
    .slice(0, most);
};

interface Shown {
  readonly name: string;
  readonly value: ConceptValue;
  readonly shown: readonly number[];
}

interface Asked extends Ranked {
  readonly channel: number;
  readonly mode: Mode;
}

const drawn = async (
  opened: Opened,
  result: ConceptResult,
  { name, value, shown }: Shown,
  context: JobContext,
): Promise<readonly AtlasChannel[]> => {
  const asked = shown.flatMap((channel) =>
    modesOf(value).flatMap((mode): readonly Asked[] =>
      value.references[mode]!.top[channel]!.slice(0, TILES).map((one) => ({ ...one, channel, mode })),
    ),
  );
  const tiles: AtlasTile[] = [];
  const size = opened.data.chunk ?? 16;
  for (let from = 0; from < asked.length; from += size) {
    if (context.signal?.aborted) throw fail("Aborted", { what: "stopped" }, context.signal.reason);
    for (const tile of await chunk(opened, result, { name, asked: asked.slice(from, from + size) }, context)) tiles.push(tile);
  }
  return shown.map((channel) => ({
    channel,
    tiles: Object.fromEntries(
      modesOf(value).map((mode) => [mode, tiles.filter((_, i) => asked[i]!.channel === channel && asked[i]!.mode === mode)]),
    ),
  }));
};

/** Rows of different samples, each with a condition of its own, in one run. */
const chunk = async (
  opened: Opened,
  { samples }: ConceptResult,
  { name, asked }: { readonly name: string; readonly asked: readonly Asked[] },
  context: JobContext,
): Promise<readonly AtlasTile[]> => {
  const { options = {}, target, targetFiles } = opened.task;
  // What a model explains where nobody says may be no class.
  const own = asked.some(({ sample }) => samples[sample]!.aim !== undefined)
    ? undefined
    : asked.map(({ sample }) => samples[sample]!.target);
  const wanted = target ?? own;
  const tiles = await tilesOf(
    opened,
    {
      samples: asked.map(({ sample }) => sample),
      options: {
        ...options,
        ...(wanted !== undefined && { target: wanted }),
        ...(targetFiles && { targetFiles }),
        conditions: asked.map(({ channel }) => ({ [name]: [channel] })),
        only: true,
      },
      cut: (size) => {
        const boxOf = boxesOf(opened.lits[0]!, name, size);
        return (at) => boxOf(asked[at]!.position);
      },
    },
    context,
  );
  return asked.map(({ sample, value }, n) => {
    const { aim, target: indices } = samples[sample]!;
    const label = aim ?? opened.bundle.labels?.[indices.at(-1) ?? -1];
    const tile = tiles?.[n];
    return {
      ...{ sample, value },
      ...(label !== undefined && { label }),
      ...(tile && { picture: tile.picture, map: tile.map }),
      ...(tile?.still && { still: true as const }),
    };
  });
};
