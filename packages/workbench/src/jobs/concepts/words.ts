/** What `concepts` tells a person: the channels that count most, and the samples they stand for. */
import type { ConceptResult, ConceptValue, Mode } from "@backlit/core";
import type { Surface } from "../../host/surface.ts";
import { type Column, table } from "../../report/table.ts";
import type { ConceptsDocument, JudgedChannels } from "./run.ts";

const CHANNELS = 12;
const SAMPLES = 4;

/** Channels with the largest statistic first. */
export const conceptsReport = (result: ConceptsDocument, { columns, colours }: Pick<Surface, "columns" | "colours">): string => {
  const { model, data, values, samples, judged = {} } = result;
  const { bold } = colours;
  const parts = Object.entries(values).flatMap(([name, value]) =>
    (Object.keys(value.references) as Mode[]).flatMap((mode) => [
      "",
      bold(`${name}, by ${mode}`),
      ...rowsOf(value, mode, samples, columns),
      ...silent(value, mode),
    ]),
  );
  const sums = Object.entries(judged).map(([name, { deletion, stability }]) => judgedLine(name, deletion, stability));
  return [
    `${bold(`${model.name} on ${data.name}`)}: ${data.count} samples`,
    ...parts,
    ...(sums.length > 0 ? ["", ...sums] : []),
    "",
  ].join("\n");
};

const HEAD: readonly Column[] = [
  { title: "channel", align: "right" },
  { title: "largest", align: "right" },
  { title: "samples", cut: "end", least: 20 },
];

const rowsOf = (value: ConceptValue, mode: Mode, samples: ConceptResult["samples"], width: number | undefined): string[] => {
  const channels = value.references[mode]!.top.map((list, channel) => ({ channel, list }))
    .filter(({ list }) => list.length > 0)
    .sort((a, b) => b.list[0]!.value - a.list[0]!.value || a.channel - b.channel)
    .slice(0, CHANNELS);
  const rows = channels.map(({ channel, list }) => [
    String(channel),
    list[0]!.value.toPrecision(3),
    list
      .slice(0, SAMPLES)
      .map(({ sample }) => samples[sample]!.name)
      .join(", "),
  ]);
  const lines = table(HEAD, rows, width);
  return value.channels > channels.length
    ? [...lines, `and ${value.channels - channels.length} channels more (--json has all)`]
    : lines;
};

const silent = ({ never }: ConceptValue, mode: Mode): string[] => {
  const idle = never[mode] ?? [];
  return idle.length === 0 ? [] : [`${idle.length} channels are never ${mode === "relevance" ? "relevant" : "active"}`];
};

const judgedLine = (
  name: string,
  { srg, overRandom, samples }: JudgedChannels["deletion"],
  stability: JudgedChannels["stability"],
) =>
  `${name}: channels switched off by relevance, SRG ${srg.toPrecision(3)}, over random ${overRandom.toPrecision(3)} (${samples} samples); reference samples stable by ${stability.mean.toFixed(2)} above chance (${stability.baseline.toFixed(2)})`;
