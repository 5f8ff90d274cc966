import { describe, expect, test } from "vitest";
import { joinBytes } from "../tensor/bytes.ts";
import { Writer } from "./writer.ts";

/** The writer works in blocks of 16 KiB: whatever it writes must survive falling on a border, at every offset. */
const BLOCK = 16 * 1024;

const written = (offset: number, write: (writer: Writer) => void): Uint8Array => {
  const writer = new Writer();
  for (let left = BLOCK - offset; left > 0; left -= Math.min(left, 1000)) writer.bytes(new Uint8Array(Math.min(left, 1000)));
  write(writer);
  return joinBytes(writer.finish());
};

describe("values on the border of a block", () => {
  for (let offset = 0; offset <= 12; offset++)
    test(`${offset} bytes before it`, () => {
      const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset);
      expect(view(written(offset, (w) => w.float(1.5))).getFloat32(0, true)).toBe(1.5);
      expect(view(written(offset, (w) => w.double(-2.25))).getFloat64(0, true)).toBe(-2.25);
      expect([...written(offset, (w) => w.varint(300)).subarray(0, 2)]).toEqual([0xac, 0x02]);
      expect([...written(offset, (w) => w.varint(-1)).subarray(0, 10)]).toEqual([...Array.from({ length: 9 }, () => 255), 1]);
      expect([...written(offset, (w) => w.bytes(Uint8Array.of(1, 2, 3, 4, 5))).subarray(0, 5)]).toEqual([1, 2, 3, 4, 5]);
    });
});
