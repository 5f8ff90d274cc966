/**
 * External data: weights that lie in a file beside the model. A TensorProto then holds `location` (a path relative to the
 * model's folder), `offset` and `length` in bytes, all as strings. Source: docs/ExternalData.md of the ONNX repository.
 */
import { fail } from "../errors.ts";
import { DataType, type Entry, type TensorProto } from "./proto.ts";
import { tensorByteLength } from "./types.ts";

/** Reads from the model's folder. Implementations may assume a checked location. */
export interface ExternalData {
  /** `length` bytes from `offset`, to the end without one. @throws NotFound, or BadFile when the file is too short */
  read(location: string, offset: number, length?: number): Uint8Array;
}

export interface ExternalRange {
  readonly location: string;
  readonly offset: number;
  readonly length?: number;
}

const EXTERNAL = 1; // TensorProto.DataLocation

/** Whether a tensor's bytes lie in another file. */
export const isExternal = (tensor: TensorProto): boolean => tensor.dataLocation === EXTERNAL;

/** Where a tensor's bytes lie. @throws BadFile for a bad location, offset or length */
export const externalRange = (tensor: TensorProto): ExternalRange => {
  const value = (key: string) => tensor.externalData?.find((entry) => entry.key === key)?.value;
  const bytes = (key: string) => {
    const text = value(key);
    if (text === undefined) return undefined;
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(number)) throw bad(tensor.name, `its ${key} is "${text}"`);
    return number;
  };
  const location = checkLocation(value("location") ?? "", tensor.name);
  const length = bytes("length");
  return { location, offset: bytes("offset") ?? 0, ...(length !== undefined && { length }) };
};

/**
 * Returns the location when it names something inside the model's folder: names joined by `/`, wherever the file may be read.
 * Refused are absolute paths, `..` in any spelling (Windows drops trailing dots and spaces, URLs decode `%2e`), backslashes,
 * and what Windows or URLs reserve, which also covers drives, schemes and ONNX Runtime's in-memory addresses.
 * @throws BadFile
 */
export const checkLocation = (location: string, tensor?: string): string => {
  const names = location.split("/");
  const plain = names.every((name, i) => (name === "." ? i < names.length - 1 : !/^(?:\.|%2e| )*$/i.test(name)));
  const reserved = [...location].some((char) => isControl(char) || '\\:*?#"<>|'.includes(char));
  if (!plain || reserved) throw bad(tensor, `"${printable(location)}" is no path inside the model's folder`);
  return location;
};

/** The bytes of an external tensor, exactly as many as its dims and type ask for. */
export const readExternal = (tensor: TensorProto, external: ExternalData | undefined): Uint8Array => {
  const { location, offset, length } = externalRange(tensor);
  const expected = tensorByteLength(tensor.dims, tensor.dataType, tensor.name);
  if (length !== undefined && length !== expected) throw bad(tensor.name, `${length} bytes are given where ${expected} belong`);
  if (!external) throw bad(tensor.name, `its weights lie in "${location}", which was not given`);
  const bytes = external.read(location, offset, expected);
  if (bytes.length !== expected)
    throw bad(tensor.name, `"${location}" holds ${bytes.length} bytes of the ${expected} at ${offset}`);
  return bytes;
};

/** The same tensor with its data elsewhere. */
export const withExternal = (tensor: TensorProto, location: string, offset: number, length: number): TensorProto => {
  if (tensor.dataType === DataType.STRING) throw bad(tensor.name, "strings cannot be external");
  const { rawData, floatData, int32Data, int64Data, doubleData, uint64Data, ...rest } = tensor;
  const externalData: Entry[] = [
    { key: "location", value: checkLocation(location, tensor.name) },
    { key: "offset", value: String(offset) },
    { key: "length", value: String(length) },
  ];
  return { ...rest, externalData, dataLocation: EXTERNAL };
};

const isControl = (char: string): boolean => char < " " || char === "\x7f";

const printable = (text: string): string => [...text.slice(0, 200)].map((char) => (isControl(char) ? "?" : char)).join("");

const bad = (tensor: string | undefined, why: string) =>
  fail("BadFile", {
    what: "external data cannot be used",
    where: tensor ? `tensor "${tensor}"` : undefined,
    why,
    fix: "keep the model and its weight files together in one folder",
  });
