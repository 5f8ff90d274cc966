/** What a model's own config.json says of its reading: an object `backlit` with layout, batch_axis, channel_axis, mean, and of a detector anchors, box_decoder, detections. */
import { fail } from "../errors.ts";
import { type AnchorsSaid, BOX_DECODERS } from "./detector/raw/box-decoders.ts";
import { type DetectionThresholds, type ReadingOptions, rolesOfLayout } from "./options.ts";

const bad = (key: string, value: unknown, expected: string) =>
  fail("BadInput", { what: `config.json: backlit.${key} is ${JSON.stringify(value)}`, why: `expected ${expected}` });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNumbers = (value: unknown): boolean => Array.isArray(value) && value.flat().every(Number.isFinite);

const isThresholds = (value: unknown): boolean =>
  isRecord(value) &&
  Object.entries(value).every(([key, v]) => ["score", "iou"].includes(key) && typeof v === "number" && v >= 0 && v <= 1);

/** Undefined where nothing is said. Errors: BadInput, BadRecipe (layout). */
export const readingInConfig = (json: unknown): ReadingOptions | undefined => {
  const own = isRecord(json) ? json.backlit : undefined;
  if (!isRecord(own)) return undefined;
  const { layout, batch_axis, channel_axis, mean, anchors, box_decoder, detections } = own;
  if (layout !== undefined && typeof layout !== "string") throw bad("layout", layout, "letters such as NHWC");
  if (layout !== undefined) rolesOfLayout(layout);
  const axis = batch_axis === "none" || Number.isInteger(batch_axis) ? (batch_axis as number | "none") : undefined;
  if (batch_axis !== undefined && axis === undefined) throw bad("batch_axis", batch_axis, 'a whole number or "none"');
  const channels = isRecord(channel_axis) && Object.values(channel_axis).every(Number.isInteger) ? channel_axis : undefined;
  if (channel_axis !== undefined && channels === undefined) throw bad("channel_axis", channel_axis, "axes by value");
  const isMean = [mean].flat().every(Number.isFinite) && [mean].flat().length > 0;
  if (mean !== undefined && !isMean) throw bad("mean", mean, "a number, or a list of one for each column");
  if (anchors !== undefined && typeof anchors !== "string" && !isNumbers(anchors))
    throw bad("anchors", anchors, "a name, or widths and heights, in one list or a list for each scale");
  const decoder = BOX_DECODERS.find((one) => one === box_decoder);
  if (box_decoder !== undefined && decoder === undefined) throw bad("box_decoder", box_decoder, BOX_DECODERS.join(", "));
  if (detections !== undefined && !isThresholds(detections)) throw bad("detections", detections, "score and iou from 0 to 1");
  return {
    ...(anchors !== undefined && { anchors: anchors as AnchorsSaid }),
    ...(decoder && { boxDecoder: decoder }),
    ...(detections !== undefined && { detections: detections as DetectionThresholds }),
    ...(mean !== undefined && { mean: mean as number | readonly number[] }),
    ...(layout !== undefined && { layout }),
    ...(axis !== undefined && { batchAxis: axis }),
    ...(channels && { channelAxis: channels as Record<string, number> }),
  };
};
