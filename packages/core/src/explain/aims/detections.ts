/** What a detector finds in a sample: boxes above a score, each class's overlapping ones suppressed (greedily, by intersection over union). */
import type { Beside } from "../../oracle/aim.ts";
import type { BoxLayout, Columns, Detector } from "../../reading/detector/index.ts";
import type { DetectionThresholds } from "../../reading/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Scene } from "./scene.ts";

export interface Detection {
  /** x1, y1, x2, y2 as the model counts them. */
  readonly box: readonly [number, number, number, number];
  readonly class: number;
  /** Probability of the class, times the objectness. */
  readonly score: number;
  readonly anchor: number;
}

/** What of a model's boxes counts: as this run says, as was said of the model, or as usual. */
export const thresholdsOf = ({ lit, options }: Pick<Scene, "lit" | "options">): Required<DetectionThresholds> => ({
  ...{ score: 0.25, iou: 0.45 },
  ...lit.options.reading?.detections,
  ...options.detections,
});

/** Position of a number of an anchor among all of a sample's; the batch is the first axis. */
export const positionIn = (dims: readonly number[], { anchors, axis, from }: Columns, anchor: number, k: number): number => {
  const stride = (of: number) => dims.slice(of + 1).reduce((a, b) => a * b, 1);
  return anchor * stride(anchors) + (from + k) * stride(axis);
};

/** All numbers of one sample, in the layout they have in the model. */
type Reader = (columns: Columns, anchor: number, k: number) => number;

const readerOf =
  (tensors: Readonly<Record<string, FloatTensor>>, sample: number): Reader =>
  (columns, anchor, k) => {
    const { dims, data } = tensors[columns.value]!;
    return data[sample * (data.length / dims[0]!) + positionIn(dims, columns, anchor, k)]!;
  };

/** Sorted by score, best first. */
export const detectionsIn = (
  detector: Detector,
  tensors: Readonly<Record<string, FloatTensor>>,
  sample: number,
  { score: least, iou: most }: Required<DetectionThresholds>,
): { readonly kept: readonly Detection[]; readonly best: number } => {
  const { boxes, scores } = detector;
  const read = readerOf(tensors, sample);
  const { dims } = tensors[scores.value]!;
  const count = scores.classes ?? dims[scores.axis]! - scores.from;
  const all: Detection[] = [];
  let best = 0;
  for (let anchor = 0; anchor < dims[scores.anchors]!; anchor++) {
    const found = bestClass(detector, (k) => read(scores, anchor, k), count);
    const score = found.p * (detector.objectness === undefined ? 1 : read(detector.objectness, anchor, 0));
    best = Math.max(best, score);
    if (score < least) continue;
    const numbers = [0, 1, 2, 3].map((k) => read(boxes, anchor, k)) as [number, number, number, number];
    all.push({
      box: cornersOf(numbers, boxes.layout),
      class: detector.chosen === undefined ? found.index : Math.round(read(detector.chosen, anchor, 0)),
      score,
      anchor,
    });
  }
  all.sort((a, b) => b.score - a.score || a.anchor - b.anchor);
  const kept: Detection[] = [];
  for (const one of all)
    if (kept.every((other) => other.class !== one.class || overlap(other.box, one.box) <= most)) kept.push(one);
  return { kept, best };
};

const bestClass = (
  { scores }: Detector,
  read: (k: number) => number,
  count: number,
): { readonly index: number; readonly p: number } => {
  const { link, background } = scores;
  const z = Array.from({ length: count }, (_, k) => read(k));
  const none = background === undefined ? -1 : background < 0 ? count + background : background;
  const peak = z.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const sum = z.reduce((total, v) => total + Math.exp(v - peak), 0);
  const p = z.map((v) => (link === "none" ? v : link === "sigmoid" ? 1 / (1 + Math.exp(-v)) : Math.exp(v - peak) / sum));
  let index = none === 0 && count > 1 ? 1 : 0;
  for (let k = 0; k < count; k++) if (k !== none && p[k]! > p[index]!) index = k;
  return { index, p: p[index]! };
};

/** x1, y1, x2, y2. */
const cornersOf = ([a, b, c, d]: readonly [number, number, number, number], layout: BoxLayout): Detection["box"] => {
  if (layout === "cxcywh") return [a - c / 2, b - d / 2, a + c / 2, b + d / 2];
  return layout === "yxyx" ? [b, a, d, c] : [a, b, c, d];
};

/** What is shown of the box that is explained: the coordinate, where that is asked for, else the score. */
const numberOf = (
  { box: [x1, y1, x2, y2], score }: Pick<Detection, "box" | "score">,
  name: Coordinate | undefined,
): { readonly probability: number } | { readonly value: number } =>
  name === undefined
    ? { probability: score }
    : { value: { x1, y1, x2, y2, cx: (x1 + x2) / 2, cy: (y1 + y2) / 2, w: x2 - x1, h: y2 - y1 }[name] };

const MOST = 5;

/** What was detected, as it stands beside the one that is explained: the first few, and that one; of a coordinate that number. `count`: of all. */
export const boxesBeside = (
  count: number,
  detectionAt: (i: number) => Pick<Detection, "box" | "score"> & { readonly className: string },
  { k, coordinate }: { readonly k: number; readonly coordinate: Coordinate | undefined },
): readonly Beside[] => {
  const shown = Array.from({ length: Math.min(count, MOST) }, (_, i) => i);
  return [...shown, ...(k < shown.length ? [] : [k])].map((i) => {
    const { box, score, className } = detectionAt(i);
    const asked = i === k ? coordinate : undefined;
    return {
      name: `box:${i} (${className})`,
      target: `box:${i}${asked === undefined ? "" : `.${asked}`}`,
      box,
      ...numberOf({ box, score }, asked),
      ...(i === k && { own: true as const }),
    };
  });
};

/** A coordinate as a sum of the four numbers, each with its weight. */
export const coordinateIn = (layout: BoxLayout, name: Coordinate): readonly (readonly [k: number, weight: number])[] => {
  const own = layout === "cxcywh" ? CENTRED : CORNERS;
  const swapped = (k: number) => (layout === "yxyx" ? [1, 0, 3, 2][k]! : k);
  return own[name].map(([k, weight]) => [swapped(k), weight] as const);
};

export const COORDINATES = ["x1", "y1", "x2", "y2", "cx", "cy", "w", "h"] as const;
export type Coordinate = (typeof COORDINATES)[number];
type Sums = Readonly<Record<Coordinate, readonly (readonly [number, number])[]>>;

const CENTRED: Sums = {
  x1: [
    [0, 1],
    [2, -0.5],
  ],
  y1: [
    [1, 1],
    [3, -0.5],
  ],
  x2: [
    [0, 1],
    [2, 0.5],
  ],
  y2: [
    [1, 1],
    [3, 0.5],
  ],
  cx: [[0, 1]],
  cy: [[1, 1]],
  w: [[2, 1]],
  h: [[3, 1]],
};
const CORNERS: Sums = {
  x1: [[0, 1]],
  y1: [[1, 1]],
  x2: [[2, 1]],
  y2: [[3, 1]],
  cx: [
    [0, 0.5],
    [2, 0.5],
  ],
  cy: [
    [1, 0.5],
    [3, 0.5],
  ],
  w: [
    [0, -1],
    [2, 1],
  ],
  h: [
    [1, -1],
    [3, 1],
  ],
};

const overlap = (a: Detection["box"], b: Detection["box"]): number => {
  const side = (axis: 0 | 1) => Math.max(0, Math.min(a[axis + 2]!, b[axis + 2]!) - Math.max(a[axis]!, b[axis]!));
  const area = ([x1, y1, x2, y2]: Detection["box"]) => Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
  const shared = side(0) * side(1);
  const all = area(a) + area(b) - shared;
  return all > 0 ? shared / all : 0;
};
