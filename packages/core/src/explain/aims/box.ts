/** `box:K`: the class of the K-th thing a detector finds, on its raw output; `box:K.x1`: one of the box's coordinates. */
import { fail } from "../../errors.ts";
import type { Aim, Place } from "../../oracle/aim.ts";
import { type Detector, readDetector } from "../../reading/detector/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { headsOf } from "../detections/found.ts";
import type { LoadedModel } from "../loaded.ts";
import {
  boxesBeside,
  COORDINATES,
  type Coordinate,
  coordinateIn,
  type Detection,
  detectionsIn,
  positionIn,
  thresholdsOf,
} from "./detections.ts";
import type { Request, TargetKind } from "./kind.ts";
import { missingBox } from "./missing-box.ts";
import type { Scene } from "./scene.ts";
import { selectedAims, selectedOf, selectedValue } from "./selected-box.ts";

export const box: TargetKind = {
  form: "box:K",
  read: (text) => {
    const words = /^box:(.*)$/s.exec(text)?.[1];
    if (words === undefined) return undefined;
    const [, k, name] = /^(\d{1,6})(?:\.(\w+))?$/.exec(words) ?? [];
    if (k === undefined || (name !== undefined && !(COORDINATES as readonly string[]).includes(name)))
      throw fail("BadTarget", {
        what: `target '${text}'`,
        fix: `count detections from 0: box:K, or a coordinate box:K.${COORDINATES.join(", .")}`,
      });
    return boxOf(Number(k), name as Coordinate | undefined);
  },
};

/** The K-th detection, or a coordinate of it. */
export const boxOf = (k: number, coordinate?: Coordinate): Request => ({
  output: (lit) => {
    const selected = selectedOf(lit);
    if (selected !== undefined) return selectedValue(selected, coordinate);
    const detector = detectorOf(lit);
    if (detector === undefined) throw noBoxes(lit, `target 'box:${k}'`);
    return (coordinate === undefined ? detector.scores : detector.boxes).value;
  },
  find: async (scene) => {
    const selected = selectedOf(scene.lit);
    if (selected !== undefined) return [await selectedAims(scene, selected, { k, coordinate })];
    const detector = detectorOf(scene.lit)!;
    const tensors = await fetched(scene, detector);
    const aims = Array.from({ length: scene.samples }, (_, n) => {
      const thresholds = thresholdsOf(scene);
      const { kept, best } = detectionsIn(detector, tensors, n, thresholds);
      const found = kept[k];
      if (found === undefined) throw missingBox({ k, sample: n, kept: kept.length, best, thresholds });
      const dims = tensors[detector[coordinate === undefined ? "scores" : "boxes"].value]!.dims;
      return {
        ...aimOf(scene, detector, { k, found, coordinate, dims }),
        beside: boxesBeside(
          kept.length,
          (i) => ({ ...kept[i]!, className: className(scene.lit, scene.nameOf, kept[i]!.class, detector.scores) }),
          { k, coordinate },
        ),
      };
    });
    return [aims];
  },
});

const known = new WeakMap<LoadedModel, { readonly detector: Detector | undefined }>();

/** Models are read once. */
const detectorOf = (lit: LoadedModel): Detector | undefined => {
  const before = known.get(lit);
  if (before !== undefined) return before.detector;
  const { traced, options } = lit;
  const detector = headsOf(traced).detector ?? readDetector(traced.graph, traced.ownFacts(), options.labels?.length);
  known.set(lit, { detector });
  return detector;
};

/** Where a detector's boxes are found, and why; undefined for models that are none, and where something has to be said first. */
export const foundBoxes = (lit: LoadedModel): { readonly value: string; readonly why: string } | undefined => {
  const selected = selectedOf(lit);
  if (selected !== undefined) {
    const stages = selected.proposals ? "; boxes proposed by its first stage stay where they are" : "";
    return { value: selectedValue(selected, undefined), why: `its choice of '${selected.scores}' is left out${stages}` };
  }
  const detector = detectorOf(lit);
  return detector && { value: detector.scores.value, why: detector.why };
};

/** What the first detection is explained from where nobody names a target. Errors: BadTarget for a detector of which something has to be said first. */
export const usualBox = (lit: LoadedModel): ReturnType<typeof foundBoxes> => {
  const found = foundBoxes(lit);
  if (found === undefined && headsOf(lit.traced).unread?.sure) throw noBoxes(lit, "what is detected cannot be explained yet");
  return found;
};

const noBoxes = ({ traced }: LoadedModel, what: string) => {
  const { unread } = headsOf(traced);
  const others = "name a number by its indices, or take --seed direction";
  if (unread?.sure) return fail("BadTarget", { what, why: unread.why, fix: `${unread.fix}; or ${others}` });
  const fix = unread === undefined ? others : `${others}; if these are a detector's maps, ${unread.fix}`;
  return fail("BadTarget", { what, why: "no output holds boxes and the scores of their classes", fix });
};

/** Boxes, scores and objectness, as they lie in the model. */
const fetched = async (scene: Scene, { boxes, scores, objectness }: Detector): Promise<Record<string, FloatTensor>> => {
  const names = [...new Set([boxes, scores, ...(objectness ? [objectness] : [])].map(({ value }) => value))];
  return (await scene.fetch(names)) as Record<string, FloatTensor>;
};

interface Found {
  readonly k: number;
  readonly found: Detection;
  readonly coordinate: Coordinate | undefined;
  /** Of the value, the batch in front. */
  readonly dims: readonly number[];
}

const aimOf = ({ lit, plan, nameOf }: Scene, { boxes, scores, chosen }: Detector, { k, found, coordinate, dims }: Found): Aim => {
  const name = `box:${k}${coordinate === undefined ? "" : `.${coordinate}`} (${className(lit, nameOf, found.class, scores)})`;
  const common = { name, found: { ...found } };
  if (coordinate !== undefined) {
    const places = coordinateIn(boxes.layout, coordinate).map(
      ([at, weight]): Place => ({ at: positionIn(dims, boxes, found.anchor, at), weight }),
    );
    return { ...common, places, of: "value" };
  }
  const at = positionIn(dims, scores, found.anchor, chosen === undefined ? found.class : 0);
  // A probability beside other numbers: what is explained is its logit.
  const beside = scores.link === "none" && plan.reading.link.kind === "none";
  // Sigmoids that the model leaves out: their classes are no rivals.
  const own = scores.link === "sigmoid" ? "value" : "class";
  return { ...common, places: [{ at, weight: 1 }], of: beside ? "odds" : own };
};

/** Of names that begin behind the class for no object. */
const className = (
  lit: LoadedModel,
  nameOf: (index: number) => string,
  index: number,
  { classes, background }: Detector["scores"],
): string => {
  const names = lit.options.labels?.length;
  return background === 0 && names !== undefined && names === (classes ?? 0) - 1 ? nameOf(index - 1) : nameOf(index);
};
