/** A kind of input from outside: sound files, tried as a user would add them. */
import { writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel } from "@backlit/core";
import { expect, test } from "vitest";
import { defineInput, load } from "../src/index.ts";
import { at } from "./cli.ts";

/** 16-bit mono, as RIFF lays it down. */
const wav = (samples: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(44 + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  const text = (offset: number, word: string) => bytes.set(new TextEncoder().encode(word), offset);
  text(0, "RIFF");
  text(8, "WAVEfmt ");
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  for (const [i, value] of samples.entries()) view.setInt16(44 + 2 * i, value, true);
  return bytes;
};

defineInput({
  name: "wav",
  detect: (bytes) => new TextDecoder("latin1").decode(bytes.subarray(8, 12)) === "WAVE",
  read: (bytes, { note }) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const length = view.getUint32(40, true) / 2;
    note(`${length} samples of sound`);
    return {
      type: "float32",
      dims: [length],
      data: Float32Array.from({ length }, (_, i) => view.getInt16(44 + 2 * i, true) / 32768),
    };
  },
  view: (_, map) => ({
    what: "a sound",
    terminal: () => [`sound of ${Object.values(map.relevances)[0]!.data.length} samples`],
    html: () => ({ body: "<p>sound</p>", legend: "" }),
  }),
});

const NET = `<ir_version: 8, opset_import: ["": 17]> net (float[N,4] x) => (float[N,2] y)
  <float[4,2] w = {1, -1, 2, 1, -3, 4, 0, 1}, float[2] b = {0.5, -0.5}> { z = MatMul(x, w) y = Add(z, b) }`;

test("its files are read, explained and drawn", async () => {
  writeFileSync(at("net.onnx"), encodeModelBytes(parseModel(NET)));
  writeFileSync(at("sound.wav"), wav([16384, -8192, 0, 32767]));
  await using lit = await load(at("net.onnx"));
  const why = await lit.explain(at("sound.wav"), { target: 0, method: "gradient-x-input" });
  expect(Array.from(why.relevance.data)).toEqual([0.5, -0.5, -0, 0].map((value) => expect.closeTo(value, 5)));
  expect(why.notices).toContain("4 samples of sound");
  expect(why.view().terminal({} as never)).toEqual(["sound of 4 samples"]);
});

test("a name is taken once", () => {
  expect(() => defineInput({ name: "wav", detect: () => false, read: () => ({}) as never })).toThrow(/'wav' is there already/);
});
