/** Files as the bytes they are, for models whose input is [N, L] byte values. */
import { arrayOf, fail, type Tensor, tensorType, type ValueInfoProto } from "@backlit/core";
import { type Files, readInput } from "../../host/files.ts";
import type { ByteInput } from "../../models/byte-input.ts";
import { dimsOf, shapeOf } from "../../models/inputs.ts";
import type { Sample } from "../../samples/sample.ts";

/** Throws BadInput for a model that takes no vector of numbers, NotFound for a missing file. */
export const byteSample = async (
  files: Files,
  file: string,
  input: ValueInfoProto | undefined,
  { padValue, scale, note }: ByteInput & { readonly note: (text: string) => void },
): Promise<Sample> => {
  const dims = input ? dimsOf(input) : [];
  if (!input || dims.length !== 2)
    throw fail("BadInput", {
      what: "the model takes no bytes",
      where: file,
      ...(input && { why: `its input '${input.name}' is ${shapeOf(input)}, not [N, length]` }),
      fix: "leave --bytes out",
    });
  const bytes = await readInput(files, file);
  if (bytes.length === 0) throw fail("BadInput", { what: "an empty file", where: file, fix: "give one with bytes" });
  const length = typeof dims[1] === "number" ? dims[1] : bytes.length;
  if (bytes.length > length) note(`${file} is cut: the model takes ${length} bytes of its ${bytes.length}`);
  if (bytes.length < length) note(`${file} is padded with ${padValue}: the model takes ${length} bytes, it has ${bytes.length}`);
  const values = Array.from({ length }, (_, i) => bytes[i] ?? padValue);
  const feeds = { [input.name]: tensorOf(values, length, scale, input) };
  return { file, feeds, bytes: bytes.subarray(0, length) };
};

const tensorOf = (values: readonly number[], length: number, scale: number, input: ValueInfoProto): Tensor => {
  const type = tensorType(input.type?.tensorType?.elemType ?? 1);
  const whole = type === "uint8" || type === "int32" || type === "int64";
  if (whole || type === "float32" || type === "float64")
    return { type, dims: [1, length], data: arrayOf(whole ? values : values.map((value) => value * scale), type) } as Tensor;
  throw fail("BadInput", { what: `input '${input.name}' takes ${type}, not bytes`, fix: "give it an .npy file" });
};
