/** The job `dependence`: what a model says on average when a column of a table is moved. */
import {
  type AccumulatedEffects,
  accumulatedEffects,
  type Cell,
  fail,
  findLabel,
  type PartialDependence,
  partialDependence,
  type TableFeature,
  VERSION,
} from "@backlit/core";
import { known } from "../../words/known.ts";
import type { JobContext } from "../request.ts";
import { type EffectOutput, featuresOf, type OpenTable, openTable } from "./open.ts";
import type { EffectsRequest } from "./request.ts";

export interface DependenceRequest extends EffectsRequest {
  /** Partial dependence with the lines of single rows, or accumulated local effects. Default pdp. */
  readonly kind?: "pdp" | "ale";
  /** Features to move, columns or groups by their names; default: all. */
  readonly columns?: readonly string[];
  /** Classes by index or name; default: of two the second, else all. */
  readonly target?: readonly string[];
  /** Points of a column of numbers (pdp, default 50), or its intervals (ale, default 20). */
  readonly steps?: number;
  /** Rows whose own lines are kept (pdp, default 50). */
  readonly lines?: number;
}

export interface DependenceResult {
  readonly v: 1;
  readonly version: string;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly data: OpenTable["data"];
  readonly kind: "pdp" | "ale";
  /** Whose numbers the curves are, in their order. */
  readonly outputs: readonly EffectOutput[];
  readonly curves: readonly DependenceCurve[];
}

export type DependenceCurve = (PartialDependence | AccumulatedEffects) & {
  /** The feature's columns. */
  readonly columns: readonly string[];
  /** What its points are called: numbers in order, or names. */
  readonly at: readonly (number | string)[];
  /** Deciles of a column of numbers. */
  readonly rug: readonly number[];
};

/** Errors: Usage for names that no column or class has, BadInput, Unsupported, those of opening. */
export const dependenceJob = async (request: DependenceRequest, context: JobContext): Promise<DependenceResult> => {
  await using open = await openTable(request, context);
  const { ask, cells, data, lit, bundle } = open;
  const { kind = "pdp", steps, lines } = request;
  const outputs = outputsOf(open, request.target);
  const of = (values: readonly (readonly number[])[]) => outputs.map(({ index }) => values[index]!);
  const curves: DependenceCurve[] = [];
  for (const feature of asked(open, request)) {
    if (cells.every((row) => feature.columns.some((column) => Number.isNaN(row[column]) || row[column] === "")))
      throw fail("BadInput", {
        what: `'${feature.name}' has no value in any row`,
        where: request.data,
        fix: "leave it out: name others with --column",
      });
    const named = namesOf(open, feature);
    if (kind === "ale") {
      const curve = await accumulatedEffects(cells, feature, ask, { ...(steps !== undefined && { intervals: steps }) });
      curves.push({ ...curve, effect: of(curve.effect), ...named(curve) });
    } else {
      const curve = await partialDependence(cells, feature, ask, {
        ...(steps !== undefined && { steps }),
        ...(lines !== undefined && { lines }),
      });
      const { missing } = curve;
      curves.push({
        ...curve,
        mean: of(curve.mean),
        lines: outputs.map(({ index }) => curve.lines[index]!),
        ...(missing && { missing: { ...missing, mean: outputs.map(({ index }) => missing.mean[index]!) } }),
        ...named(curve),
      });
    }
  }
  return { v: 1, version: VERSION, model: { name: bundle.name, sha256: await lit.sha256 }, data, kind, outputs, curves };
};

const asked = (open: OpenTable, { columns, groups }: DependenceRequest): readonly TableFeature[] => {
  const all = featuresOf(open, groups);
  for (const name of columns ?? [])
    known(
      "column",
      name,
      all.map((feature) => feature.name),
    );
  return columns === undefined ? all : columns.map((name) => all.find((feature) => feature.name === name)!);
};

/** Errors: BadTarget for a class there is not. */
const outputsOf = ({ outputs, lit }: OpenTable, target: readonly string[] | undefined): readonly EffectOutput[] => {
  if (target === undefined) return outputs.length === 2 && outputs[1]!.of !== "value" ? outputs.slice(1) : outputs;
  const { labels = [] } = lit.options;
  return target.map((text) => {
    const index = /^\d+$/.test(text) && !labels.includes(text) ? Number(text) : findLabel(labels, text);
    if (outputs[index] !== undefined) return outputs[index];
    throw fail("BadTarget", {
      what: `class ${text}`,
      why: `the model has ${outputs.length}: ${outputs.map(({ title }) => title).join(", ")}`,
    });
  });
};

/** Columns of 0 and 1 of which one is 1 are called by that one. */
const namesOf = ({ columns, cells }: OpenTable, feature: TableFeature) => {
  const own = feature.columns.map((column) => columns[column]!);
  const nameOf = (point: readonly Cell[]): number | string => {
    if (point.length === 1) return point[0]!;
    const ones = point.flatMap((cell, k) => (cell === 1 ? [own[k]!] : []));
    if (ones.length === 1 && point.every((cell) => cell === 0 || cell === 1)) return ones[0]!;
    return point.map((cell, k) => `${own[k]} = ${cell}`).join(", ");
  };
  return ({ points, ordered }: Pick<PartialDependence, "points" | "ordered">) => {
    const sorted = ordered
      ? cells
          .map((row) => row[feature.columns[0]!] as number)
          .filter((v) => !Number.isNaN(v))
          .sort((a, b) => a - b)
      : [];
    const rug = Array.from({ length: ordered ? 9 : 0 }, (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / 10)]!);
    return { columns: own, at: points.map(nameOf), rug };
  };
};
