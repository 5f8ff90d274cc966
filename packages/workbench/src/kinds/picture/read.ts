/** Pictures as feeds, through the preprocessor: of files, and of arrays of bytes. */
import { fail, preprocess, type Tensor, type ValueInfoProto } from "@backlit/core";
import { shapeOf } from "../../models/inputs.ts";
import { pixelArray } from "../array/pixels.ts";
import type { Reading, Rows, Taking } from "../kind.ts";
import type { LoadedInput } from "../loaded-input.ts";

export const readPicture = (loaded: LoadedInput, { targets: [input], file, reading }: Taking): Rows | undefined => {
  if (loaded.kind !== "picture") return undefined;
  const { picture, preprocessor, note } = reading;
  if (input !== picture || !preprocessor)
    throw fail("BadInput", {
      what: "the model takes no picture",
      where: loaded.name,
      why: `its input '${input!.name}' is ${shapeOf(input!)}`,
      fix: "give it an .npy or .npz file",
    });
  preprocessor.notices.forEach(note);
  const { tensor, geometry } = preprocess(loaded.pixels, preprocessor);
  return [{ file, feeds: { [input!.name]: tensor }, picture: { pixels: loaded.pixels, geometry } }];
};

/** Bytes are pictures where the model takes some. */
export const isPixels = ({ type }: Tensor, input: ValueInfoProto, { picture, preprocessor }: Reading): boolean =>
  type === "uint8" && input === picture && preprocessor !== undefined;

export const pictured = (tensor: Tensor, input: ValueInfoProto, file: string, reading: Reading): Rows => {
  const { count, picture } = pixelArray(tensor, file);
  const preprocessor = reading.preprocessor!;
  preprocessor.notices.forEach(reading.note);
  return Array.from({ length: count }, (_, n) => {
    const pixels = picture(n);
    const { tensor: values, geometry } = preprocess(pixels, preprocessor);
    return { file: count > 1 ? `${file}, row ${n}` : file, feeds: { [input.name]: values }, picture: { pixels, geometry } };
  });
};
