/** Tensors of the Open Inference Protocol, as JSON and in the binary form. */
import { fail, halfToFloat, type Tensor, type TensorType } from "@backlit/core";
import { DATATYPES, datatypeOf, tensorFrom } from "../../work/datatypes.ts";

const bad = (what: string, where: string | undefined, fix?: string) => fail("BadInput", { what, where, fix });

/** Bytes of an element. */
const WIDTHS: Readonly<Record<Exclude<TensorType, "string">, number>> = {
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  float16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
};

export interface Head {
  readonly name: string;
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly size: number;
}

/** Name, type and shape. Errors: BadInput. */
export const headIn = (input: Readonly<Record<string, unknown>>): Head => {
  const { name, shape, datatype } = input;
  if (typeof name !== "string") throw bad("an input without a name", undefined, "give its name");
  const where = `input '${name}'`;
  const type = typeof datatype === "string" && Object.hasOwn(DATATYPES, datatype) ? DATATYPES[datatype] : undefined;
  if (type === undefined) throw bad(`datatype '${String(datatype)}'`, where, `there are ${Object.keys(DATATYPES).join(", ")}`);
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw bad("a shape that is none", where, "give a list of whole numbers");
  const size = shape.reduce((product: number, n: number) => product * n, 1);
  if (!Number.isSafeInteger(size)) throw bad("a shape too large", where);
  return { name, type, dims: shape as number[], size };
};

/** `data`: flat or nested. Errors: BadInput. */
export const tensorInJson = ({ name, type, dims, size }: Head, data: unknown): Tensor => {
  const where = `input '${name}'`;
  if (!Array.isArray(data)) throw bad("no data", where, "give data as a list, or binary_data_size");
  const flat: readonly unknown[] = data.some(Array.isArray) ? data.flat(64) : data;
  if (flat.length !== size)
    throw bad(`${flat.length} values for the shape ${dims.join("×")}`, where, "make shape and data agree");
  const wanted = type === "string" ? "string" : type === "bool" ? "boolean" : "number";
  const stray = flat.findIndex((value) => typeof value !== wanted && !(type === "bool" && (value === 0 || value === 1)));
  if (stray >= 0) throw bad(`${JSON.stringify(flat[stray])?.slice(0, 40)} is no ${wanted}`, where);
  if (type === "string") return { type, dims, data: flat as string[] };
  return tensorFrom(type, dims, flat as number[]);
};

/** Little-endian elements, row by row; BYTES with a length of four bytes before each. Errors: BadInput. */
export const tensorInBytes = ({ name, type, dims, size }: Head, bytes: Uint8Array): Tensor => {
  const where = `input '${name}'`;
  if (type === "string") return { type, dims, data: textsIn(bytes, size, where) };
  const wanted = size * WIDTHS[type];
  if (bytes.length !== wanted) throw bad(`${bytes.length} bytes for ${wanted}`, where, "make shape and binary_data_size agree");
  const own = bytes.slice().buffer;
  return { type, dims, data: VIEWS[type](own) };
};

const VIEWS: Readonly<
  Record<Exclude<TensorType, "string">, (buffer: ArrayBuffer) => Exclude<Tensor["data"], readonly string[]>>
> = {
  bool: (b) => new Uint8Array(b),
  uint8: (b) => new Uint8Array(b),
  int8: (b) => new Int8Array(b),
  uint16: (b) => new Uint16Array(b),
  int16: (b) => new Int16Array(b),
  float16: (b) => new Uint16Array(b),
  uint32: (b) => new Uint32Array(b),
  int32: (b) => new Int32Array(b),
  float32: (b) => new Float32Array(b),
  uint64: (b) => new BigUint64Array(b),
  int64: (b) => new BigInt64Array(b),
  float64: (b) => new Float64Array(b),
};

const textsIn = (bytes: Uint8Array, count: number, where: string): readonly string[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (at + 4 <= bytes.length && texts.length < count) {
    const length = view.getUint32(at, true);
    if (at + 4 + length > bytes.length) break;
    texts.push(new TextDecoder().decode(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  if (texts.length === count && at === bytes.length) return texts;
  throw bad("texts that do not fit their bytes", where, "write each with its length in four bytes before it");
};

export const bytesOf = ({ type, data }: Tensor): Uint8Array => {
  if (type !== "string") {
    const { buffer, byteOffset, byteLength } = data as Float32Array;
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  }
  const texts = (data as readonly string[]).map((text) => new TextEncoder().encode(text));
  const all = new Uint8Array(texts.reduce((sum, { length }) => sum + 4 + length, 0));
  let at = 0;
  for (const text of texts) {
    new DataView(all.buffer).setUint32(at, text.length, true);
    all.set(text, at + 4);
    at += 4 + text.length;
  }
  return all;
};

/** Plain values for JSON; 64-bit integers as numbers. */
export const valuesOf = ({ type, data }: Tensor): readonly (number | string | boolean)[] => {
  if (type === "string") return data as readonly string[];
  if (type === "bool") return Array.from(data as Uint8Array, Boolean);
  if (type === "float16") return Array.from(data as Uint16Array, halfToFloat);
  return Array.from(data as Float32Array, Number);
};

export const headOf = (name: string, { type, dims }: Tensor) => ({ name, datatype: datatypeOf(type), shape: dims });
