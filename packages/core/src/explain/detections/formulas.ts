/** Boxes of a scale's cells, [N, anchors, cells, 4] in pixels: the formulas of `BOX_DECODERS`. */
import type { BoxDecoder, Part } from "../../reading/detector/raw/index.ts";
import type { Cells } from "./cells.ts";

/** Centre and size. */
export const centredBox = (cells: Cells, decoder: BoxDecoder, boxes: Part): string => {
  const { g, stride, scale } = cells;
  const numbers = cells.numbers(boxes);
  const pair = (from: number) => cells.columns(numbers, from, 2);
  const swapped = (value: string) => g.op("Concat", [cells.columns(value, 1, 1), cells.columns(value, 0, 1)], { axis: 3 });
  const [t, size] = decoder === "deltas-yx" ? [swapped(pair(0)), swapped(pair(2))] : [pair(0), pair(2)];
  const grid = cells.grid();
  const factor = decoder === "yolov2" ? stride : 1;
  const sides = (scale.anchors ?? [1, 1]).map((side) => side * factor);
  const anchors = g.floats(sides, [1, sides.length / 2, 1, 2]);
  const sigmoid = (value: string) => g.op("Sigmoid", [value]);
  const at = (inCells: string) => g.scale(inCells, stride);
  const joined = (centre: string, extent: string) => g.op("Concat", [centre, extent], { axis: 3 });
  if (decoder === "yolox") return joined(at(g.add(t, grid)), at(g.op("Exp", [size])));
  if (decoder === "yolov5") {
    const double = g.scale(sigmoid(size), 2);
    const offset = g.add(g.scale(sigmoid(t), 2), g.sub(grid, g.floats(0.5)));
    return joined(at(offset), g.mul(g.op("Pow", [double, g.floats(2)]), anchors));
  }
  if (decoder === "deltas" || decoder === "deltas-yx")
    return joined(g.add(g.mul(t, anchors), at(g.add(grid, g.floats(0.5)))), g.mul(g.op("Exp", [size]), anchors));
  return joined(at(g.add(sigmoid(t), grid)), g.mul(g.op("Exp", [size]), anchors));
};

/** Corners: distances from the middle of a cell to the left, top, right and bottom. */
export const distanceBox = (cells: Cells, decoder: BoxDecoder, boxes: Part): string => {
  const { g, stride } = cells;
  const numbers = cells.numbers(boxes);
  const distances = decoder === "dfl" ? expected(cells, numbers, boxes.count / 4) : numbers;
  const middle = g.add(cells.grid(), g.floats(0.5));
  const low = g.sub(middle, cells.columns(distances, 0, 2));
  const high = g.add(middle, cells.columns(distances, 2, 2));
  return g.scale(g.op("Concat", [low, high], { axis: 3 }), stride);
};

/** Σ_i i softmax(t)_i (Li et al. 2020, distribution focal loss). */
const expected = ({ g }: Cells, numbers: string, bins: number): string => {
  const split = g.op("Reshape", [numbers, g.ints([0, -1, 4, bins])]); // one anchor a cell
  const p = g.op("Softmax", [split], { axis: 3 });
  const index = g.floats(
    Array.from({ length: bins }, (_, i) => i),
    [bins, 1],
  );
  return g.op("Reshape", [g.op("MatMul", [p, index]), g.ints([0, 1, -1, 4])]);
};
