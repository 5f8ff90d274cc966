/** What `cluster` tells a person: groups of maps, class by class, the most telling class first. */
import type { Surface } from "../../host/surface.ts";
import { percent } from "../../report/numbers.ts";
import { type Column, table } from "../../report/table.ts";
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

const suspect = (
  { label, target, cluster, samples, cells, share, planted, flipped, score }: ClusterCandidate,
  pool: number,
  [height, width]: readonly [number, number],
): readonly string[] => {
  const columns = Math.ceil(width / pool);
  const span = (at: readonly number[], most: number): string => {
    const [first, last] = [at.reduce((a, b) => Math.min(a, b)), at.reduce((a, b) => Math.max(a, b))];
    return `${first * pool}–${Math.min(most, (last + 1) * pool) - 1}`;
  };
  const rows = span(
    cells.map((cell) => Math.floor(cell / columns)),
    height,
  );
  const along = span(
    cells.map((cell) => cell % columns),
    width,
  );
  const { before, after, control } = planted;
  return [
    `${label ?? `class ${target.join(",")}`}, cluster ${cluster}: score ${score.toFixed(2)}, ${samples.length} samples`,
    `  rows ${rows}, columns ${along}: ${percent(share.own)} of the relevance, ${percent(share.others)} in the class's other samples`,
    `  put into samples of other classes: ${percent(after.wins)} become this class (${percent(control.wins)} with the region of its other samples), lead ${before.lead.toFixed(1)} → ${after.lead.toFixed(1)} (${control.lead.toFixed(1)})`,
    `  taken out of its own: lead ${flipped.before.lead.toFixed(1)} → ${flipped.after.lead.toFixed(1)}`,
  ];
};
