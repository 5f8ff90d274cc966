/** Options that say how a model's pictures are prepared, where no preprocessor_config.json does. */
import { fail, PICTURE_RANGES, type SaidPreprocessing } from "@backlit/core";
import { choice } from "@backlit/workbench";
import { type Command, Option } from "commander";
import { addMean, numbersOf } from "./reading-options.ts";

type Edges = number | readonly [width: number, height: number];

export interface PictureChoices extends Pick<SaidPreprocessing, "range" | "bgr"> {
  readonly std?: number | readonly number[];
  readonly size?: Edges;
  readonly crop?: Edges;
}

/** With `--mean`, which tables have too. */
export const addPictures = (command: Command): Command =>
  addMean(command)
    .option("--std <numbers>", "what a picture's channels are divided by, one number or three", numbersOf("std"))
    .option(
      "--size <n>",
      "pictures are scaled to it, N or WIDTHxHEIGHT; with --crop a single N is the shorter edge",
      edges("size"),
    )
    .option("--crop <n>", "the centre of pictures that is cut out, N or WIDTHxHEIGHT", edges("crop"))
    .addOption(
      new Option(
        "--range <range>",
        `what pixels are brought to before mean and std: ${PICTURE_RANGES.join(", ")} (default: 0..1, or 0..255 where the mean says so)`,
      ).argParser(choice("range", PICTURE_RANGES)),
    )
    .option("--bgr", "the model's channels are blue, green, red");

const edges =
  (option: string) =>
  (text: string): Edges => {
    const [, width, height] = /^([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?$/i.exec(text) ?? [];
    if (width === undefined) throw fail("Usage", { what: `--${option} ${text}`, fix: "write 224 or 320x240 (width x height)" });
    return height === undefined ? Number(width) : [Number(width), Number(height)];
  };

/** What was said. */
export const picturesSaid = ({ std, size, crop, range, bgr }: PictureChoices): SaidPreprocessing => ({
  ...(std !== undefined && { std }),
  ...(size !== undefined && { size }),
  ...(crop !== undefined && { crop }),
  ...(range !== undefined && { range }),
  ...(bgr !== undefined && { bgr }),
});
