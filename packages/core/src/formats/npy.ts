/**
 * NumPy's .npy format: the magic "\x93NUMPY", two version bytes, the header's length (u16 in version 1, u32 in 2 and 3),
 * a Python dict literal {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } and the raw elements.
 * Source: NEP 1 and numpy.lib.format's documentation.
 */
import { fail } from "../errors.ts";
import { halfToFloat } from "../tensor/half.ts";
import type { Tensor, TensorData, TensorType } from "../tensor/tensor.ts";

type Numeric = Exclude<TensorData, readonly string[]>;
type Cast = (buffer: ArrayBuffer) => Numeric;

/** Each element type: NumPy's code (kind and bytes) and the array that holds it. */
const types: readonly (readonly [code: string, type: Exclude<TensorType, "string">, cast: Cast])[] = [
  ["f2", "float16", (b) => new Uint16Array(b)],
  ["f4", "float32", (b) => new Float32Array(b)],
  ["f8", "float64", (b) => new Float64Array(b)],
  ["i1", "int8", (b) => new Int8Array(b)],
  ["i2", "int16", (b) => new Int16Array(b)],
  ["i4", "int32", (b) => new Int32Array(b)],
  ["i8", "int64", (b) => new BigInt64Array(b)],
  ["u1", "uint8", (b) => new Uint8Array(b)],
  ["u2", "uint16", (b) => new Uint16Array(b)],
  ["u4", "uint32", (b) => new Uint32Array(b)],
  ["u8", "uint64", (b) => new BigUint64Array(b)],
  ["b1", "bool", (b) => new Uint8Array(b)],
];

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const MAX_HEADER = 65_536; // numpy itself stops at 10,000 characters
const MAX_AXES = 64;

const bad = (why: string, fix?: string) => fail("BadInput", { what: "not a readable .npy file", why, fix });

/** Whether the bytes begin like a .npy file. */
export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly dims: readonly number[];
  /** Where the elements begin. */
  readonly offset: number;
}

const readHeader = (bytes: Uint8Array): Header => {
  if (!isNpy(bytes)) throw bad("it does not begin with NumPy's mark");
  const [major = 0, minor = 0] = bytes.subarray(6, 8);
  if (major < 1 || major > 3) throw bad(`version ${major}.${minor} is unknown`, "save it again with numpy.save");
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw bad("it ends inside the header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER) throw bad(`its header claims ${length} bytes`);
  if (start + length > bytes.length) throw bad("it ends inside the header");
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.subarray(start, start + length));
  return { ...readDict(text), offset: start + length };
};

/** The three entries of the header's dict, in any order; Python 2 wrote sizes as `3L`. */
const readDict = (text: string): Omit<Header, "offset"> => {
  const descr = /'descr'\s*:\s*(?:'([^']*)'|(\[))/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)\b/.exec(text);
  const shape = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text);
  if (!descr || !order || !shape) throw bad("its header does not give type, order and shape");
  if (descr[2]) throw bad("it holds a structured array", "save each field on its own");
  const dims = shape[1]!
    .split(",")
    .map((size) => size.trim())
    .filter(Boolean)
    .map((size) => (/^\d+L?$/.test(size) ? Number.parseInt(size, 10) : Number.NaN));
  if (dims.length > MAX_AXES || !dims.every(Number.isSafeInteger)) throw bad("its shape is not a list of sizes");
  return { descr: descr[1]!, fortran: order[1] === "True", dims };
};

/** `[order, code]` of a descr such as `<f4`; what cannot become a tensor is refused by name. */
const readDescr = (descr: string) => {
  const code = descr.replace(/^[<>|=]/, "").replace("?", "b1");
  const found = types.find(([known]) => known === code);
  if (found) return { bigEndian: descr.startsWith(">"), bytes: Number(code.slice(1)), type: found[1], cast: found[2] };
  const kind = {
    O: "Python objects",
    U: "strings",
    S: "strings",
    a: "strings",
    c: "complex numbers",
    M: "dates",
    m: "durations",
  }[code.slice(0, 1)];
  throw bad(kind ? `it holds ${kind}` : `its type '${descr}' is unknown`, "save it as float32, e.g. x.astype('float32')");
};

const swapBytes = (data: Uint8Array, width: number): void => {
  for (let i = 0; i < data.length; i += width) data.subarray(i, i + width).reverse();
};

/** The elements of a column-major array in row-major order. */
const toRowMajor = (data: Numeric, cast: Cast, dims: readonly number[]): Numeric => {
  const result = cast(new ArrayBuffer(data.byteLength));
  const strides = dims.map((_, axis) => dims.slice(0, axis).reduce((a, b) => a * b, 1));
  const index = dims.map(() => 0);
  for (let to = 0, from = 0; to < data.length; to++) {
    result[to] = data[from]!;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < dims[axis]!) break;
      from -= strides[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
  return result;
};

/**
 * Reads a .npy file of versions 1 to 3, either byte order, C or Fortran layout, into a row-major tensor that shares no memory
 * with `bytes`. Throws BadInput for anything truncated or too long, object arrays, strings, complex and structured types.
 */
export const readNpy = (bytes: Uint8Array): Tensor => {
  const { descr, fortran, dims, offset } = readHeader(bytes);
  const { bigEndian, bytes: width, type, cast } = readDescr(descr);
  const expected = dims.reduce((a, b) => a * b, 1) * width;
  const present = bytes.length - offset;
  if (expected !== present) throw bad(`shape (${dims.join(", ")}) of ${type} takes ${expected} bytes, ${present} are there`);
  const raw = new Uint8Array(bytes.subarray(offset)); // a copy (Buffer's slice is none): aligned, free to be swapped
  if (bigEndian && width > 1) swapBytes(raw, width);
  const data = cast(raw.buffer);
  return { type, dims, data: fortran && dims.length > 1 ? toRowMajor(data, cast, dims) : data };
};

/** How many bytes a .npy file has by its header, of which `bytes` is the beginning. Throws BadInput as `readNpy` does. */
export const npySize = (bytes: Uint8Array): number => {
  const { descr, dims, offset } = readHeader(bytes);
  return offset + dims.reduce((a, b) => a * b, 1) * readDescr(descr).bytes;
};

/** Writes a tensor as .npy, version 1, little-endian, C order; the elements begin at a multiple of 64. Strings are refused. */
export const writeNpy = (tensor: Tensor): Uint8Array => {
  const { type, dims, data } = tensor;
  const code = types.find(([, known]) => known === type)?.[0];
  if (!code || !ArrayBuffer.isView(data)) throw fail("BadInput", { what: "cannot write strings as .npy" });
  const order = code.endsWith("1") ? "|" : "<";
  const shape = dims.length === 1 ? `(${dims[0]},)` : `(${dims.join(", ")})`;
  const dict = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': ${shape}, }`;
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10;
  const head = new Uint8Array([...MAGIC, 1, 0, length & 0xff, length >> 8]);
  const file = new Uint8Array(head.length + length + data.byteLength);
  file.set(head);
  file.set(new TextEncoder().encode(`${dict.padEnd(length - 1)}\n`), head.length);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), head.length + length);
  return file;
};

/** The tensor as float32: float16 decoded, bool as 0 and 1, 64-bit integers rounded. Strings throw BadInput. */
export const toFloat32 = (tensor: Tensor): Tensor => {
  const { type, dims, data } = tensor;
  if (type === "float32") return tensor;
  if (!ArrayBuffer.isView(data)) throw fail("BadInput", { what: "strings are no numbers", why: `a tensor (${dims}) of strings` });
  const number: (value: number | bigint) => number = type === "float16" ? (bits) => halfToFloat(bits as number) : Number;
  return { type: "float32", dims, data: Float32Array.from(data as ArrayLike<number | bigint>, number) };
};
