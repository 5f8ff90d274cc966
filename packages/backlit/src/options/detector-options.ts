/** Options that say of a detector what its file does not: its anchors, how boxes are made, which of them count. */
import { BOX_DECODERS, type BoxDecoder, type ReadingOptions } from "@backlit/core";
import { choice } from "@backlit/workbench";
import { type Command, Option } from "commander";
import { share } from "./whole-number.ts";

export interface DetectorChoices {
  readonly anchors?: string;
  readonly boxDecoder?: BoxDecoder;
  readonly leastScore?: number;
  readonly overlap?: number;
}

export const addDetector = (command: Command): Command =>
  command
    .option(
      "--anchors <sizes>",
      "of a detector that gives its heads' maps alone: published ones by name (yolov5, …), a file, or w,h,w,h,… from the finest scale",
    )
    .addOption(
      new Option(
        "--box-decoder <name>",
        `how these maps are made boxes: ${BOX_DECODERS.join(", ")} (default: as their channels or the anchors' name say)`,
      ).argParser(choice("box-decoder", BOX_DECODERS)),
    )
    .option("--least-score <p>", "what of a detector's boxes counts (default: 0.25)", share("least-score"))
    .option("--overlap <iou>", "how far two boxes of one class may overlap (default: 0.45)", share("overlap"));

/** What was said. */
export const detectorSaid = ({ anchors, boxDecoder, leastScore: score, overlap: iou }: DetectorChoices): ReadingOptions => ({
  ...(anchors !== undefined && { anchors }),
  ...(boxDecoder !== undefined && { boxDecoder }),
  ...((score !== undefined || iou !== undefined) && {
    detections: { ...(score !== undefined && { score }), ...(iou !== undefined && { iou }) },
  }),
});
