/**
 * Protocol buffers, reading. A message is a row of fields, each a varint tag `number << 3 | wire type` and a payload:
 * varint (0), 8 bytes (1), length and bytes (2) or 4 bytes (5), all little-endian.
 * Source: protobuf.dev/programming-guides/encoding. Nothing is allocated by a size the file merely claims.
 */
import { type BacklitError, fail } from "../errors.ts";
import type { Int } from "./proto.ts";

export const Wire = { VARINT: 0, FIXED64: 1, BYTES: 2, FIXED32: 5 } as const;

/** Nested messages; three of them (graph, node, attribute) make one level of subgraph. */
const MAX_DEPTH = 200;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

export class Reader {
  /** Position in the file: every error names it. */
  offset = 0;
  #end: number;
  #depth = 0;
  #low = 0;
  #high = 0;
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength); // plain, even when it is a Node Buffer
    this.#end = bytes.length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** At the end of the current message. */
  get done(): boolean {
    return this.offset >= this.#end;
  }

  error(why: string, offset = this.offset): BacklitError {
    const fix = "download or export the model again";
    return fail("BadFile", { what: "not a valid ONNX file", where: `byte ${offset}`, why, fix });
  }

  tag(): { number: number; wire: number } {
    const start = this.offset;
    this.#varint();
    const number = this.#low >>> 3;
    if (this.#high !== 0 || number === 0) throw this.error("no field has this tag", start);
    return { number, wire: this.#low & 7 };
  }

  int32(): number {
    this.#varint();
    return this.#low | 0;
  }

  int64(): Int {
    this.#varint();
    return exact(this.#high | 0, this.#low);
  }

  uint64(): Int {
    this.#varint();
    return exact(this.#high >>> 0, this.#low);
  }

  float(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** The next length-delimited payload, as a view on the file. */
  view(): Uint8Array {
    const length = this.#length();
    return this.since(this.#take(length));
  }

  /** UTF-8; bytes that are not are an error, as two names could become one. */
  string(): string {
    const start = this.offset;
    try {
      return strict.decode(this.view());
    } catch (cause) {
      if (cause instanceof TypeError) throw this.error("a name is not UTF-8", start);
      throw cause;
    }
  }

  /** UTF-8 for people to read; other bytes become U+FFFD. */
  prose(): string {
    return lenient.decode(this.view());
  }

  /** Runs `read` inside the next length-delimited payload; what it leaves unread is skipped. */
  nested<T>(read: (bytes: number) => T): T {
    const length = this.#length();
    const end = this.offset + length;
    const outer = this.#end;
    if (++this.#depth > MAX_DEPTH) throw this.error(`more than ${MAX_DEPTH} messages nested`);
    this.#end = end;
    const result = read(length);
    this.#end = outer;
    this.#depth--;
    this.offset = end;
    return result;
  }

  skip(wire: number): void {
    if (wire === Wire.VARINT) this.#varint();
    else if (wire === Wire.FIXED64) this.#take(8);
    else if (wire === Wire.FIXED32) this.#take(4);
    else if (wire === Wire.BYTES) this.#take(this.#length());
    else throw this.error(`wire type ${wire} does not occur in ONNX`);
  }

  /** The bytes from `start` to here, as a view. */
  since(start: number): Uint8Array {
    return this.bytes.subarray(start, this.offset);
  }

  #take(length: number): number {
    const start = this.offset;
    if (length > this.#end - start) throw this.error("a value runs past the end of its message");
    this.offset = start + length;
    return start;
  }

  #length(): number {
    const start = this.offset;
    this.#varint();
    const length = this.#low >>> 0;
    if (this.#high !== 0 || length > this.#end - this.offset) {
      throw this.error("a length points past the end: the file is cut off or damaged", start);
    }
    return length;
  }

  /** 64 bits into two halves; what a tenth byte holds beyond them is dropped, as protobuf does. */
  #varint(): void {
    const start = this.offset;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bytes[this.#take(1)]!;
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high = bits >> 4;
      if (shift > 28) high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.#low = low;
        this.#high = high;
        return;
      }
    }
    throw this.error("a number of more than ten bytes", start);
  }
}

/** high·2³² + low as a number where that is a safe integer, else as a bigint. */
const exact = (high: number, low: number): Int => {
  const value = high * 0x1_0000_0000 + (low >>> 0);
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low >>> 0);
};
