/** What a run gives back, said in the words of an explanation. */
import { mapsAxis } from "../emit/index.ts";
import { recipeHash } from "../plan/index.ts";
import { mapsFirst } from "../reading/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { channelTable } from "./channel-table.ts";
import { type Asked, checkFound } from "./classes.ts";
import { apartNotice } from "./difference.ts";
import { grownNotice } from "./grown.ts";
import { checkConserved, readLedgers } from "./ledger.ts";
import { type LoadedModel, sizesBehind } from "./loaded.ts";
import { mapValues } from "./map-values.ts";
import { notesOf } from "./note.ts";
import type { Ready } from "./ready.ts";
import { decomposedIn, differencesIn, rows } from "./run-values.ts";
import { turnedSigns } from "./turned-signs.ts";
import type { Explanation } from "./types.ts";

interface Ran {
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly out: Readonly<Record<string, Tensor>>;
  /** ms */
  readonly run: number;
}

interface AskedOfRun {
  readonly target: Asked;
  /** Relevance starts from numbers somebody gave: no class is explained. */
  readonly seeded: boolean;
  /** What is lost must be accounted for. */
  readonly strict: boolean;
}

/** Errors: BadTarget (a class that turns out not to be there), NotConserved. */
export const explanationOf = async (
  ready: Ready,
  { feeds, out, run }: Ran,
  { target, seeded, strict }: AskedOfRun,
  { model, facts }: Pick<LoadedModel, "model" | "facts">,
): Promise<Explanation> => {
  const { names, plan } = ready;
  const classes = names.target ? rows(out[names.target]!) : [];
  const output = out[plan.output] ?? Object.values(out)[0]!;
  if (!seeded) checkFound(target, classes, sizesBehind(output, plan));
  const relevances = mapValues(names.relevance, (name) => out[name] as FloatTensor);
  const classAxis = (name: string) => mapsAxis(plan, name);
  const ledger = names.ledger
    ? readLedgers(out[names.ledger]!, ready.ledgerRows, { maps: relevances, samples: ready.samples, classAxis })
    : undefined;
  if (strict) ledger?.forEach(checkConserved);
  const evidence = names.evidence ? (out[names.evidence]!.data as Float32Array) : undefined;
  const several = seeded ? undefined : countOf(target);
  const count = evidence === undefined ? Math.max(1, classes.length) * (several ?? 1) : evidence.length / 2;
  const apart = ([name, map]: [string, FloatTensor]) =>
    [name, mapsFirst(map, plan.samples.of(name) ?? (plan.samples.independent ? 0 : undefined), several !== undefined)] as const;
  const leaving = evidence && Array.from({ length: count }, (_, k) => evidence[2 * k]!);
  const known = (name: string) => (out[name] === undefined ? [] : [[name, out[name]] as const]);
  return {
    notes: notesOf({
      ...{ plan, count, evidence, ledger, output, targets: classes },
      maps: Object.fromEntries(Object.entries(relevances).map(apart)),
    }),
    ...(leaving && { leaving }),
    ...(names.interactions && { interactions: out[names.interactions] as FloatTensor }),
    ...(names.scores && { difference: differencesIn(out[names.scores]!) }),
    ...(names.decomposed && { details: decomposedIn(out[names.decomposed]!) }),
    output,
    outputs: Object.fromEntries(model.graph.output.flatMap(({ name }) => known(name))),
    target: classes,
    relevance: relevances[plan.explained[0]!]!,
    relevances,
    values: Object.fromEntries(plan.explained.flatMap((name) => (feeds[name] ? [] : known(name)))),
    layers: mapValues(names.layers, (name) => out[name] as FloatTensor),
    ...(names.channels && {
      channels: mapValues(names.channels, (name, value) => channelTable(out[name]!, out[names.positions![value]!]!)),
    }),
    ...(ledger && { ledger }),
    recipe: plan.recipe,
    hash: await recipeHash(plan.recipe),
    notices: [
      ...ready.notices,
      ...turnedSigns(plan, out[plan.start], classes),
      ...(facts.double ? [] : apartNotice(output, out[names.float ?? ""])),
      ...grownNotice(ledger, leaving),
    ],
    timings: { ...ready.timings, run },
  };
};

/** How many classes a sample has; undefined where the maps have no axis for them. */
const countOf = (target: Asked): number | undefined =>
  target.kind === "top" ? target.k : target.kind === "list" ? target.index.length : undefined;
