/**
 * Eigen-CAM (Muhammad and Yeasin 2020): the layer as a matrix, channels × positions, A = U Σ Vᵀ; the map is σ₁ v₁, the part of the positions along the
 * first singular vector. By power iteration in float64, v ← AᵀA v; of both signs the one in which the larger part is positive.
 */

import { ownRows } from "../../oracle/rows.ts";
import type { Method } from "../method.ts";
import { LAYER } from "./layer.ts";
import { RESIZE, relu } from "./map.ts";
import { foundIn, mapped, valuesOf } from "./run.ts";

const ROUNDS = 1000;
const CLOSE = 1e-12;

export const eigenCam: Method = {
  card: {
    name: "eigen-cam",
    family: "cam",
    what: "the first principal component of a layer's channels: what the layer sees most of",
    assumes: "what dominates the layer is what the decision is about: the class is not asked for",
    conserves: "nothing",
    cost: "F",
    classDiscriminative: false,
    source: "Muhammad, Yeasin 2020",
    parameters: { layer: LAYER, relu: relu(false), resize: RESIZE },
  },
  attribute: async (task) => {
    const found = foundIn(task);
    const maps: Float64Array[] = [];
    await task.oracle.scores(
      ownRows(task.x),
      (n, row) => {
        maps[n] = firstComponent(valuesOf(found, row), found.channels!.positions);
      },
      [found.layer.value],
    );
    return mapped(task, found, maps);
  },
};

/**
 * σ₁ v₁ of a matrix with `columns` columns.
 * @internal Exported for its tests.
 */
export const firstComponent = (matrix: Float64Array, columns: number): Float64Array => {
  const rows = matrix.length / columns;
  const times = (v: Float64Array): Float64Array => {
    const out = new Float64Array(columns);
    for (let r = 0; r < rows; r++) {
      let dot = 0;
      for (let c = 0; c < columns; c++) dot += matrix[r * columns + c]! * v[c]!;
      if (dot !== 0) for (let c = 0; c < columns; c++) out[c]! += dot * matrix[r * columns + c]!;
    }
    return out;
  };
  // Slightly uneven, so that it is not orthogonal to the answer by symmetry.
  let v = unit(Float64Array.from({ length: columns }, (_, c) => 1 + c / (7 * columns)));
  let sigma = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = times(v);
    const size = norm(next);
    if (size === 0) return next;
    const before = v;
    v = next.map((value) => value / size);
    sigma = Math.sqrt(size);
    if (v.every((value, c) => Math.abs(value - before[c]!) < CLOSE)) break;
  }
  const mass = v.reduce((sum, value) => sum + value * Math.abs(value), 0);
  return v.map((value) => value * sigma * (mass < 0 ? -1 : 1));
};

const norm = (v: Float64Array): number => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
const unit = (v: Float64Array): Float64Array => {
  const size = norm(v);
  return v.map((value) => value / size);
};
