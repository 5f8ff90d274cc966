/** `box:K` of detectors that choose inside: the logit that a detection's score was before it was chosen, in place of the row it became. */
import { fail } from "../../errors.ts";
import { producersOf } from "../../graph/producers.ts";
import { TracedModel } from "../../graph/traced-model.ts";
import { attr, intTensor, type NodeProto } from "../../onnx/index.ts";
import type { Aim } from "../../oracle/aim.ts";
import { type SelectedDetector, selectedDetector } from "../../reading/detector/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { rowsBetween } from "../../tensor/rows.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { LoadedModel } from "../loaded.ts";
import { boxesBeside, type Coordinate, coordinateIn, type Detection, thresholdsOf } from "./detections.ts";
import { missingBox } from "./missing-box.ts";
import type { Scene } from "./scene.ts";

const ALL = "detections/logits";

/** The same model with the logits of all scales as one value, where they become scores by sigmoids. */
export const withDetections = (traced: TracedModel): TracedModel => {
  const selected = readSelected(traced);
  const logits = selected?.choices.flatMap((choice) => choice.logits ?? []) ?? [];
  if (selected === undefined || logits.length === 0) return traced;
  const { batched } = selected;
  const { model, facts } = traced;
  const flat = (k: number) => `${ALL}/${k}`;
  const node = (opType: string, input: readonly string[], output: string): NodeProto => ({
    ...{ opType, domain: "", name: "", input, output: [output] },
    attribute: opType === "Concat" ? [attr.int("axis", batched ? 1 : 0)] : [],
  });
  const nodes = [
    ...logits.map((name, k) => node("Reshape", [name, `${ALL}/all`], flat(k))),
    node(
      "Concat",
      logits.map((_, k) => flat(k)),
      ALL,
    ),
  ];
  const sizes = logits.map(
    (name) =>
      facts.shapes
        .get(name)
        ?.slice(Number(batched))
        .reduce((n, d) => (n === null || d === null ? null : n * d), 1 as number | null) ?? null,
  );
  const rows = batched ? [facts.shapes.get(selected.scores)?.[0] ?? null] : [];
  const shapes = new Map([...facts.shapes, ...sizes.map((size, k) => [flat(k), [...rows, size]] as const)]);
  const sum = sizes.reduce((total, size) => (total === null || size === null ? null : total + size), 0 as number | null);
  shapes.set(ALL, [...rows, sum]);
  const whole = batched ? [0, -1] : [-1];
  const initializer = [...model.graph.initializer, intTensor(`${ALL}/all`, [whole.length], whole)];
  const graph = { ...model.graph, initializer, node: [...model.graph.node, ...nodes] };
  return new TracedModel({ ...model, graph }, { ...facts, shapes });
};

const known = new WeakMap<TracedModel, { readonly detector: SelectedDetector | undefined }>();

/** Models are read once. */
export const selectedOf = ({ traced }: Pick<LoadedModel, "traced">): SelectedDetector | undefined => {
  const before = known.get(traced);
  if (before !== undefined) return before.detector;
  const detector = readSelected(traced);
  known.set(traced, { detector });
  return detector;
};

const readSelected = (traced: TracedModel): SelectedDetector | undefined => {
  const facts = traced.ownFacts();
  const made = producersOf(traced.graph.nodes);
  return selectedDetector(traced.graph, { facts, producer: (value) => made.get(value) });
};

/** The value a detection, or one of its coordinates, is explained from. */
export const selectedValue = ({ boxes, choices }: SelectedDetector, coordinate: Coordinate | undefined): string => {
  if (coordinate !== undefined) return boxes;
  return choices[0]!.logits === undefined ? choices[0]!.scores : ALL;
};

interface Wanted {
  readonly k: number;
  readonly coordinate: Coordinate | undefined;
}

interface WantedOf extends Wanted {
  readonly sample: number;
}

/** Of every sample, or of the one there is. Errors: BadTarget. */
export const selectedAims = async (scene: Scene, detector: SelectedDetector, wanted: Wanted): Promise<readonly Aim[]> => {
  const names = [detector.boxes, detector.scores, detector.classes, ...detector.choices.map((choice) => choice.scores)];
  const tensors = await scene.fetch([...new Set(names)]);
  return Array.from({ length: scene.samples }, (_, n) =>
    aimIn(scene, detector, detector.batched ? mapEach(tensors, (tensor) => sampleAt(tensor, n)) : tensors, {
      ...wanted,
      sample: n,
    }),
  );
};

type Tensors = Readonly<Record<string, Tensor>>;

const mapEach = (tensors: Tensors, of: (tensor: Tensor) => Tensor): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, of(tensor)]));

const sampleAt = (tensor: Tensor, n: number): Tensor => {
  const row = rowsBetween(tensor, n, n + 1);
  return { ...row, dims: row.dims.slice(1) } as Tensor;
};

const aimIn = (scene: Scene, detector: SelectedDetector, tensors: Tensors, { k, coordinate, sample }: WantedOf): Aim => {
  const [boxes, scores, classes] = [detector.boxes, detector.scores, detector.classes].map((name) => tensors[name]!.data) as [
    Float32Array,
    Float32Array,
    ArrayLike<number | bigint>,
  ];
  const { score: least } = thresholdsOf(scene);
  const kept = Array.from(scores.keys())
    .filter((row) => scores[row]! >= least)
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
  const row = kept[k];
  if (row === undefined) {
    const best = scores.reduce((a, b) => Math.max(a, b), 0);
    throw missingBox({ k, sample, kept: kept.length, best, thresholds: { score: least } });
  }
  const classOf = (one: number) => Number(classes[one]);
  const boxOf = (one: number) => [0, 1, 2, 3].map((at) => boxes[4 * one + at]!) as unknown as Detection["box"];
  const nameOf = (i: number) => `box:${i} (${scene.nameOf(classOf(kept[i]!))})`;
  const common = {
    name: coordinate === undefined ? nameOf(k) : nameOf(k).replace(" ", `.${coordinate} `),
    found: { box: boxOf(row), class: classOf(row), score: scores[row]! },
    beside: boxesBeside(
      kept.length,
      (i) => ({ box: boxOf(kept[i]!), score: scores[kept[i]!]!, className: scene.nameOf(classOf(kept[i]!)) }),
      { k, coordinate },
    ),
  };
  if (coordinate !== undefined) {
    const places = coordinateIn("xyxy", coordinate).map(([at, weight]) => ({ at: 4 * row + at, weight }));
    return { ...common, places, of: "value" };
  }
  const at = placeOf(detector, tensors as Readonly<Record<string, FloatTensor>>, { score: scores[row]!, index: classOf(row) });
  return { ...common, places: [{ at, weight: 1 }], of: detector.choices[0]!.logits === undefined ? "class" : "value" };
};

/** Where this very score stood before anything was chosen, counted over all scales. Errors: BadTarget. */
const placeOf = (
  { choices }: SelectedDetector,
  tensors: Readonly<Record<string, FloatTensor>>,
  { score, index }: { readonly score: number; readonly index: number },
): number => {
  let from = 0;
  for (const { scores } of choices) {
    const { data, dims } = tensors[scores]!;
    const classes = dims.at(-1)!;
    for (let at = index % classes; at < data.length; at += classes) if (data[at] === score) return from + at;
    from += data.length;
  }
  // Classes may be numbered otherwise behind the choice.
  from = 0;
  for (const { scores } of choices) {
    const at = tensors[scores]!.data.indexOf(score);
    if (at >= 0) return from + at;
    from += tensors[scores]!.data.length;
  }
  throw fail("BadTarget", {
    what: `a detection of class ${index}`,
    why: "its score stands nowhere among those before the choice",
    fix: "name a number by its indices, or take --seed direction",
  });
};
