/** The scalar kinds of protobuf fields that ONNX uses: how each is read, written and laid out when packed. */
import type { Int } from "./proto.ts";
import { type Reader, Wire } from "./reader.ts";
import type { Writer } from "./writer.ts";

export interface Scalar<T> {
  readonly wire: number;
  /** The value of an absent field. */
  readonly zero: T;
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
  /** A packed row of `length` bytes at once, on a typed array. */
  packed?(reader: Reader, length: number): ArrayLike<T>;
}

const varint = (writer: Writer, value: Int) => writer.varint(value);
const delimited = (writer: Writer, bytes: Uint8Array) => {
  writer.bytes(bytes);
  writer.varint(bytes.length);
};
const text = (writer: Writer, value: string) => {
  const before = writer.size;
  writer.string(value);
  writer.varint(writer.size - before);
};

export const int32: Scalar<number> = {
  wire: Wire.VARINT,
  zero: 0,
  read: (r) => r.int32(),
  write: varint,
  packed: (r, length) => {
    const start = r.offset;
    let count = 0; // a number ends at each byte below 0x80
    for (let i = start; i < start + length; i++) if (r.bytes[i]! < 0x80) count++;
    const values = new Int32Array(count);
    for (let i = 0; !r.done; i++) values[i] = r.int32();
    return values;
  },
};

export const int64: Scalar<Int> = { wire: Wire.VARINT, zero: 0, read: (r) => r.int64(), write: varint };
export const uint64: Scalar<Int> = { wire: Wire.VARINT, zero: 0, read: (r) => r.uint64(), write: varint };

/** An int64 that counts something (a dimension, a version) and has to be a safe integer. */
export const count: Scalar<number> = {
  wire: Wire.VARINT,
  zero: 0,
  read: (r) => {
    const start = r.offset;
    const value = r.int64();
    if (typeof value === "bigint") throw r.error(`${value} is absurdly large`, start);
    return value;
  },
  write: varint,
};

export const float: Scalar<number> = {
  wire: Wire.FIXED32,
  zero: 0,
  read: (r) => r.float(),
  write: (w, value) => w.float(value),
  packed: (r, length) => aligned(Float32Array, r, length),
};

export const double: Scalar<number> = {
  wire: Wire.FIXED64,
  zero: 0,
  read: (r) => r.double(),
  write: (w, value) => w.double(value),
  packed: (r, length) => aligned(Float64Array, r, length),
};

export const string: Scalar<string> = { wire: Wire.BYTES, zero: "", read: (r) => r.string(), write: text };
export const prose: Scalar<string> = { wire: Wire.BYTES, zero: "", read: (r) => r.prose(), write: text };
export const bytes: Scalar<Uint8Array> = { wire: Wire.BYTES, zero: new Uint8Array(), read: (r) => r.view(), write: delimited };

/** A view on the file where its alignment permits, else a copy. */
const aligned = <A>(
  Floats: { new (buffer: ArrayBufferLike, offset: number, length: number): A; readonly BYTES_PER_ELEMENT: number },
  reader: Reader,
  length: number,
): A => {
  const size = Floats.BYTES_PER_ELEMENT;
  if (length % size !== 0) throw reader.error(`${length} bytes are no row of ${size}-byte numbers`);
  const from = reader.offset;
  reader.offset += length;
  const raw = reader.since(from);
  const view = raw.byteOffset % size === 0 ? raw : new Uint8Array(raw);
  return new Floats(view.buffer, view.byteOffset, length / size);
};
