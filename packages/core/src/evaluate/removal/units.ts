/** What is removed together: pixels, cells, superpixels, channels, tokens, features. */

import { fail } from "../../errors.ts";
import { type Groups, groupsOf, membersOf } from "../../features/groups.ts";
import { type LayoutKind, layoutOf, positionsOf } from "../../features/layout.ts";
import { minOf } from "../../numeric/extremes.ts";
import { type FloatTensor, sampleOf, widthOf } from "../../tensor/float.ts";
import type { Trial } from "../metric.ts";
import { stridedSpec, stridedUnits } from "./strided.ts";
import type { Units } from "./unit.ts";

/** Units of each sample. `given.segments` are units as whole numbers for the spec "given". Errors: BadRecipe, BadInput. */
export const unitsOf = (trial: Trial, spec: string): readonly Units[] =>
  trial.shared.once({ units: spec }, () => {
    const { x, kind, given } = trial;
    const strided = stridedSpec(spec);
    if (strided !== undefined) return Array<Units>(x.dims[0]!).fill(stridedUnits(x.dims, strided, kind));
    const made = new Map<Groups, Units>();
    const groups = groupsOf(x, spec === "auto" ? autoUnit(x, kind) : spec, { kind, given: given?.segments });
    return groups.map((group) => {
      const known = made.get(group) ?? unitsFrom(group, x, kind);
      made.set(group, known);
      return known;
    });
  });

/** 14 × 14 cells of a picture, 49 stretches of a series, tokens, features. */
const autoUnit = ({ dims }: FloatTensor, kind: LayoutKind): string => {
  if (kind === "tokens") return "token";
  if (kind === "values") return "feature";
  const sizes = dims.slice(2);
  const side = minOf(sizes);
  return `grid:${Math.max(1, Math.round(side / (sizes.length === 1 ? 49 : 14)))}`;
};

const unitsFrom = (groups: Groups, x: FloatTensor, kind: LayoutKind): Units => {
  const { values, from } = membersOf(groups);
  const ofPosition = wholePositions(groups, x, kind);
  const sizes = new Float64Array(groups.count);
  for (const unit of ofPosition ?? groups.ids) sizes[unit]!++;
  return { count: groups.count, values, from, sizes, ...(ofPosition && { ofPosition }) };
};

/** Unit of each position; undefined where a position's values are in several. */
const wholePositions = ({ ids }: Groups, { dims }: FloatTensor, kind: LayoutKind): Uint32Array | undefined => {
  const at = positionIndex(dims, kind);
  const units = new Uint32Array(at.positions);
  const seen = new Uint8Array(at.positions);
  for (let i = 0; i < ids.length; i++) {
    const position = at.of(i);
    if (seen[position] === 1 && units[position] !== ids[i]) return undefined;
    units[position] = ids[i]!;
    seen[position] = 1;
  }
  return units;
};

const positionIndex = (dims: readonly number[], kind: LayoutKind) => {
  const layout = layoutOf(dims, kind);
  const positions = positionsOf(layout);
  return { positions, of: (value: number) => Math.floor(value / layout.after) % positions };
};

/** The heatmap of sample n by position: the sum over channels (of an embedding: over its width), float64. Errors: BadInput. */
export const positionMap = ({ x, relevance, kind }: Pick<Trial, "x" | "relevance" | "kind">, n: number): Float64Array => {
  const { positions, of } = positionIndex(x.dims, kind);
  const row = sampleOf(relevance, n);
  if (row.length === positions) return Float64Array.from(row);
  if (row.length !== widthOf(x)) throw wrongShape(x, relevance);
  const map = new Float64Array(positions);
  for (let i = 0; i < row.length; i++) map[of(i)]! += row[i]!;
  return map;
};

/** Relevance of each unit of sample n: its positions' sum, or their mean. */
export const unitScores = (trial: Trial, n: number, units: Units, aggregate: "sum" | "mean"): Float64Array => {
  const scores = new Float64Array(units.count);
  const { ofPosition, windows, values, from, sizes } = units;
  if (windows !== undefined) {
    const map = positionMap(trial, n);
    for (let u = 0; u < units.count; u++)
      for (let i = windows.from[u]!; i < windows.from[u + 1]!; i++) scores[u]! += map[windows.positions[i]!]!;
  } else if (ofPosition !== undefined) {
    const map = positionMap(trial, n);
    for (let p = 0; p < map.length; p++) scores[ofPosition[p]!]! += map[p]!;
  } else {
    const row = sampleOf(trial.relevance, n);
    if (row.length !== values.length) throw wrongShape(trial.x, trial.relevance);
    for (let u = 0; u < units.count; u++) for (let i = from[u]!; i < from[u + 1]!; i++) scores[u]! += row[values[i]!]!;
  }
  if (aggregate === "mean") for (let u = 0; u < units.count; u++) scores[u]! /= sizes[u]!;
  return scores;
};

const wrongShape = (x: FloatTensor, relevance: FloatTensor) =>
  fail("BadInput", {
    what: `a heatmap of ${relevance.dims.join("×")}`,
    why: `the input is ${x.dims.join("×")}`,
    fix: "give maps in the input's shape, or with one channel",
  });
