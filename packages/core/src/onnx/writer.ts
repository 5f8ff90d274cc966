/**
 * Protocol buffers, writing from back to front: when a message's length is to be written, the message itself already is,
 * so one pass suffices. Large byte arrays (weights) are referenced, not copied.
 */
import { fail } from "../errors.ts";
import type { Int } from "./proto.ts";

/** Smaller arrays are cheaper to copy than to carry as a chunk of their own. */
const REFERENCE_FROM = 1024;
const BLOCK = 16 * 1024;

const utf8 = new TextEncoder();

export class Writer {
  /** Bytes written so far. */
  size = 0;
  readonly #chunks: Uint8Array[] = []; // last first
  #block = new Uint8Array(BLOCK);
  #view = new DataView(this.#block.buffer);
  #start = BLOCK; // of what is written in the block
  #end = BLOCK; // of what is not yet a chunk

  /** The chunks in file order. */
  finish(): Uint8Array[] {
    this.#flush();
    return this.#chunks.slice().reverse();
  }

  /** A varint; negative numbers are written as 64-bit two's complement (ten bytes). */
  varint(value: Int): void {
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      throw fail("BadModel", { what: "cannot write the model", why: `${value} stands where an integer belongs` });
    }
    if (value >= 0 && value <= 0x7fff_ffff) this.#small(Number(value));
    else this.#large(BigInt.asUintN(64, BigInt(value)));
  }

  float(value: number): void {
    const at = this.#reserve(4); // first: it may begin a new block
    this.#view.setFloat32(at, value, true);
  }

  double(value: number): void {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value, true);
  }

  bytes(bytes: Uint8Array): void {
    if (bytes.length < REFERENCE_FROM) {
      const at = this.#reserve(bytes.length);
      this.#block.set(bytes, at);
      return;
    }
    this.#flush();
    this.#chunks.push(bytes);
    this.size += bytes.length;
  }

  string(text: string): void {
    this.bytes(utf8.encode(text));
  }

  #small(value: number): void {
    const length = value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
    let at = this.#reserve(length);
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.#block[at++] = (rest & 0x7f) | 0x80;
    this.#block[at] = rest;
  }

  #large(value: bigint): void {
    const digits: number[] = [];
    for (let rest = value; rest > 0n; rest >>= 7n) digits.push(Number(rest & 0x7fn));
    const at = this.#reserve(digits.length);
    digits.forEach((digit, i) => {
      this.#block[at + i] = i + 1 < digits.length ? digit | 0x80 : digit;
    });
  }

  /** Makes room for `length` < BLOCK bytes in front of what is written; returns where they start. */
  #reserve(length: number): number {
    if (length > this.#start) {
      this.#flush();
      this.#block = new Uint8Array(BLOCK);
      this.#view = new DataView(this.#block.buffer);
      this.#start = this.#end = BLOCK;
    }
    this.#start -= length;
    this.size += length;
    return this.#start;
  }

  #flush(): void {
    if (this.#end > this.#start) this.#chunks.push(this.#block.subarray(this.#start, this.#end));
    this.#end = this.#start;
  }
}
