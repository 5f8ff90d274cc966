/** Sizes of anchors as they were published, by name. None is taken without being named. */
import { fail } from "../../../errors.ts";
import type { AnchorsSaid, BoxDecoder } from "./box-decoders.ts";

/** Of one scale: width, height, width, height, … */
export type ScaleAnchors = readonly number[];

interface Published {
  readonly of: string;
  readonly decoder: BoxDecoder;
  /** Scales from the finest; those made from the stride take any number. */
  readonly anchors: readonly ScaleAnchors[] | ((stride: number) => ScaleAnchors);
}

/** Widths and heights of equal area: three sizes an octave, three shapes. */
const octaves = (scale: number, shapes: readonly (readonly [number, number])[], shapesFirst: boolean) => (stride: number) => {
  const sizes = [0, 1, 2].map((k) => scale * stride * 2 ** (k / 3));
  const pairs = shapesFirst
    ? shapes.flatMap((shape) => sizes.map((size) => [size, shape] as const))
    : sizes.flatMap((size) => shapes.map((shape) => [size, shape] as const));
  return pairs.flatMap(([size, [w, h]]) => [size * w, size * h]);
};
const root = Math.SQRT2;

const YOLOV3 = [
  [10, 13, 16, 30, 33, 23],
  [30, 61, 62, 45, 59, 119],
  [116, 90, 156, 198, 373, 326],
];
const YOLOV4 = [
  [12, 16, 19, 36, 40, 28],
  [36, 75, 76, 55, 72, 146],
  [142, 110, 192, 243, 459, 401],
];

const PUBLISHED: Readonly<Record<string, Published>> = {
  yolov2: {
    of: "YOLOv2 (COCO)",
    decoder: "yolov2",
    anchors: [[0.57273, 0.677385, 1.87446, 2.06253, 3.33843, 5.47434, 7.88282, 3.52778, 9.77052, 9.16828]],
  },
  "tiny-yolov2": {
    of: "Tiny YOLOv2 (VOC)",
    decoder: "yolov2",
    anchors: [[1.08, 1.19, 3.42, 4.41, 6.63, 11.38, 9.42, 5.11, 16.62, 10.52]],
  },
  yolov3: { of: "YOLOv3 (COCO)", decoder: "yolov3", anchors: YOLOV3 },
  "yolov3-tiny": {
    of: "YOLOv3-tiny (COCO)",
    decoder: "yolov3",
    anchors: [
      [10, 14, 23, 27, 37, 58],
      [81, 82, 135, 169, 344, 319],
    ],
  },
  yolov4: { of: "YOLOv4 (COCO)", decoder: "yolov3", anchors: YOLOV4 },
  yolov5: { of: "YOLOv5 (COCO)", decoder: "yolov5", anchors: YOLOV3 },
  yolov7: { of: "YOLOv7 (COCO)", decoder: "yolov5", anchors: YOLOV4 },
  retinanet: {
    of: "RetinaNet (torchvision: sizes from 4 strides, three an octave; heights to widths ½, 1, 2)",
    decoder: "deltas",
    anchors: octaves(
      4,
      [
        [root, 1 / root],
        [1, 1],
        [1 / root, root],
      ],
      true,
    ),
  },
  efficientdet: {
    of: "EfficientDet (sizes from 4 strides, three an octave; shapes 1:1, 1.4:0.7, 0.7:1.4)",
    decoder: "deltas-yx",
    anchors: octaves(
      4,
      [
        [1, 1],
        [1.4, 0.7],
        [0.7, 1.4],
      ],
      false,
    ),
  },
};

export const ANCHOR_NAMES: readonly string[] = Object.keys(PUBLISHED);

export interface Anchors {
  readonly decoder?: BoxDecoder;
  /** Whose they are, where they were named. */
  readonly of?: string;
  readonly scales: readonly ScaleAnchors[];
}

/** For heads of these strides, finest first. Errors: BadRecipe. */
export const anchorsFor = (said: AnchorsSaid, strides: readonly number[]): Anchors => {
  const wrong = (why: string) =>
    fail("BadRecipe", {
      what: `anchors ${typeof said === "string" ? `'${said}'` : JSON.stringify(said).slice(0, 60)}`,
      why,
      fix: `name published ones (${ANCHOR_NAMES.join(", ")}), or give width,height,… of the finest scale's, then of the next`,
    });
  const count = `the model has ${strides.length} ${strides.length === 1 ? "scale" : "scales"}`;
  if (typeof said === "string") {
    const published = Object.hasOwn(PUBLISHED, said) ? PUBLISHED[said] : undefined;
    if (published === undefined) throw wrong("nobody of that name is known");
    const { of, decoder, anchors } = published;
    const scales = typeof anchors === "function" ? strides.map(anchors) : anchors;
    if (scales.length !== strides.length) throw wrong(`they are of ${scales.length}, ${count}`);
    return { of, decoder, scales };
  }
  const all = said.flat();
  if (all.length === 0 || !all.every((size) => Number.isFinite(size) && size > 0)) throw wrong("sizes are numbers above 0");
  const each = all.length / strides.length;
  const scales = Array.isArray(said[0])
    ? (said as readonly ScaleAnchors[])
    : strides.map((_, k) => all.slice(k * each, (k + 1) * each));
  const even = scales.length === strides.length && scales.every(({ length }) => length % 2 === 0 && length === scales[0]!.length);
  if (!even || !Number.isInteger(each)) throw wrong(`${count}, with as many widths and heights each`);
  return { scales };
};
