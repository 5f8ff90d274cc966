/** What `cluster` tells a person: groups of maps, class by class, the most telling class first. */
import type { Surface } from "../../host/surface.ts";
import { percent } from "../../report/numbers.ts";
import { type Column, table } from "../../report/table.ts";
import { evidenceOf, partOf } from "./evidence.ts";
import type { ClusterCandidate, ClusteredClass, ClusterResult } from "./result.ts";

const STRANGE = 3;

const HEAD: readonly Column[] = [
  { title: "cluster", align: "right" },
  { title: "samples", align: "right" },
  { title: "share", align: "right" },
  { title: "spread", align: "right" },
  { title: "in its middle", cut: "middle", least: 12 },
];

/** Classes with the largest gap between eigenvalues first: there the groups are clearest. */
export const clusterReport = (
  { model, data, classes, candidates, threshold, pool, size }: ClusterResult,
  { columns, colours }: Pick<Surface, "columns" | "colours">,
): string => {
  const { bold } = colours;
  const suspicion = (): readonly string[] => {
    const found = candidates.filter(({ score }) => score >= threshold);
    return found.length === 0
      ? [`no region decides by itself (scores below ${threshold})`]
      : [bold("Regions that decide by themselves"), ...found.flatMap((one) => suspect(one, pool, size))];
  };
  const parts = [...classes]
    .sort((a, b) => b.gap - a.gap)
    .flatMap((one) => [
      "",
      `${bold(`${one.label ?? `class ${one.target.join(",")}`}: ${one.names.length} samples`)}, eigengap ${one.gap.toFixed(3)}`,
      ...rowsOf(one, columns),
      strangest(one),
    ]);
  return [`${bold(`${model.name} on ${data.name}`)}: ${data.count} samples`, ...parts, "", ...suspicion(), ""].join("\n");
};

const rowsOf = ({ clusters, names }: ClusteredClass, width: number | undefined): string[] =>
  table(
    HEAD,
    clusters.map(({ size, medoid, spread }, k) => [
      String(k),
      String(size),
      percent(size / names.length),
      spread.toFixed(2),
      names[medoid]!,
    ]),
    width,
  );

const strangest = ({ strangeness, names }: ClusteredClass): string => {
  const order = [...strangeness.keys()].sort((a, b) => strangeness[b]! - strangeness[a]! || a - b).slice(0, STRANGE);
  return `like no other: ${order.map((i) => `${names[i]} (${strangeness[i]!.toFixed(1)}×)`).join(", ")}`;
};

const suspect = (one: ClusterCandidate, pool: number, size: readonly [number, number]): readonly string[] => [
  `${one.label ?? `class ${one.target.join(",")}`}, ${partOf(one)}: score ${one.score.toFixed(2)}, ${one.samples.length} samples`,
  ...evidenceOf(one, pool, size).map((line) => `  ${line}`),
];
