/** What `dependence` and `importance` tell a person. */
import { maxOf, minOf } from "@backlit/core";
import type { Surface } from "../../host/surface.ts";
import { amount } from "../../report/numbers.ts";
import { type Column, table } from "../../report/table.ts";
import type { DependenceCurve, DependenceResult } from "./dependence.ts";
import type { ImportanceResult } from "./importance.ts";

type Place = Pick<Surface, "columns" | "colours">;

/** What a curve holds of one output. */
export const heightsOf = (curve: DependenceCurve, output: number): readonly number[] =>
  curve.kind === "pdp" ? curve.mean[output]! : curve.effect[output]!;

/** How curves are called, by what was asked. */
export const KINDS = { pdp: "partial dependence", ale: "accumulated local effects" } as const;

const CURVES: readonly Column[] = [
  { title: "column", cut: "middle", least: 12 },
  { title: "moves by", align: "right" },
  { title: "least", align: "right" },
  { title: "at", cut: "middle", least: 8 },
  { title: "most", align: "right" },
  { title: "at", cut: "middle", least: 8 },
];

/** For each output its columns, those that move it most first. */
export const dependenceReport = (
  { model, data, kind, outputs, curves }: DependenceResult,
  { columns, colours }: Place,
): string => {
  const parts = outputs.flatMap(({ title, of }, k) => {
    const rows = curves.map((curve) => {
      const heights = heightsOf(curve, k);
      const [least, most] = [minOf(heights), maxOf(heights)];
      return { curve, least, most, at: (value: number) => placeText(curve.at[heights.indexOf(value)]!) };
    });
    rows.sort((a, b) => b.most - b.least - (a.most - a.least));
    const cells = rows.map(({ curve, least, most, at }) => [
      curve.feature,
      amount(most - least),
      amount(least),
      at(least),
      amount(most),
      at(most),
    ]);
    return ["", colours.bold(`${title} (${of})`), ...table(CURVES, cells, columns)];
  });
  return [`${colours.bold(`${model.name} on ${data.name}`)}: ${KINDS[kind]}, ${data.count} rows`, ...parts, ""].join("\n");
};

const placeText = (place: number | string): string => (typeof place === "number" ? amount(place) : place);

const IMPORTANCES: readonly Column[] = [
  { title: "column", cut: "middle", least: 12 },
  { title: "importance", align: "right" },
  { title: "±", align: "right" },
];

/** The most important first. */
export const importanceReport = (
  { model, data, scorer, score, repeats, features }: ImportanceResult,
  { columns, colours }: Place,
): string => {
  const sorted = [...features].sort((a, b) => b.mean - a.mean);
  return [
    `${colours.bold(`${model.name} on ${data.name}`)}: ${scorer} ${amount(score)} of ${data.count} rows; what is lost when a column is dealt out anew (${repeats} times)`,
    ...table(
      IMPORTANCES,
      sorted.map(({ feature, mean, deviation }) => [feature, amount(mean), amount(deviation)]),
      columns,
    ),
    "",
  ].join("\n");
};
