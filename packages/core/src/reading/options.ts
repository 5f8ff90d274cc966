/** What a person says of a model's axes, where the reading would say something else or cannot know. */
import { fail } from "../errors.ts";
import type { AnchorsSaid, BoxDecoder } from "./detector/raw/box-decoders.ts";
import type { OutputKind } from "./output/kind.ts";
import type { AxisRole } from "./roles.ts";

export interface DetectionThresholds {
  /** Least score; default .25. */
  readonly score?: number;
  /** Largest overlap of two boxes of one class; default .45. */
  readonly iou?: number;
}

export interface ReadingOptions {
  /** Axes of the explained input by letter, as in NHWC, NCL, NLC: N batch, C channel, H height, W width, D depth, L or T time, S token, F feature, V node. */
  readonly layout?: string;
  /** Axis of the inputs that counts samples; "none": rows depend on each other, all of them are one sample. */
  readonly batchAxis?: number | "none";
  /** The channel axis of values, by name. */
  readonly channelAxis?: Readonly<Record<string, number>>;
  /** What the numbers of the explained output mean. */
  readonly outputKind?: OutputKind;
  /** The axis of the explained value that counts classes. */
  readonly classAxis?: number;
  /** What a usual row of a table is, one number or one for each column: the reference of differences. */
  readonly mean?: number | readonly number[];
  /** Of a detector that gives the maps of its heads alone: sizes of its anchors in pixels, width and height each, from the finest scale; or whose published ones they are ("yolov5"); "none": it has none. */
  readonly anchors?: AnchorsSaid;
  /** How its numbers are made boxes. Default: as the maps' channels, class names or the anchors' name say. */
  readonly boxDecoder?: BoxDecoder;
  /** What of its boxes counts as detected: a score of at least .25, and of overlapping ones of a class (intersection over union above .45) the best. */
  readonly detections?: DetectionThresholds;
  /** How many class names come with the model. */
  readonly labels?: number;
}

const LETTERS: Readonly<Record<string, AxisRole>> = {
  N: "batch",
  B: "batch",
  C: "channel",
  H: "height",
  W: "width",
  D: "depth",
  L: "time",
  T: "time",
  S: "token",
  F: "feature",
  V: "node",
};

/** Errors: BadRecipe. */
export const rolesOfLayout = (layout: string): readonly AxisRole[] => {
  const letters = [...layout.toUpperCase()];
  const roles = letters.map((letter) => LETTERS[letter]);
  if (letters.length > 0 && new Set(letters).size === letters.length && roles.every((role) => role !== undefined)) return roles;
  throw fail("BadRecipe", {
    what: `layout '${layout}'`,
    fix: "one letter an axis, each once: N batch, C channel, H height, W width, D depth, L or T time, S token, F feature, V node, as in NHWC",
  });
};

/** What was said of a model as a detector; undefined where nothing was. */
export const detectorSaid = ({ anchors, boxDecoder, detections }: ReadingOptions = {}): ReadingOptions | undefined => {
  const said = {
    ...(anchors !== undefined && { anchors }),
    ...(boxDecoder !== undefined && { boxDecoder }),
    ...(detections !== undefined && { detections }),
  };
  return Object.keys(said).length > 0 ? said : undefined;
};
