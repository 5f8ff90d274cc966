/** Sounds: WAV files as waveforms and as frames of features, for bare models and for folders whose config says how they are made. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, readNpz } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const RATE = 8000;
/** 16-bit, a tone between .25 and .5 s of .75 s. */
const wav = (name: string, channels = 1): string => {
  const count = 6000;
  const bytes = new Uint8Array(44 + 2 * count * channels);
  const view = new DataView(bytes.buffer);
  const text = (from: number, mark: string) => bytes.set(new TextEncoder().encode(mark), from);
  text(0, "RIFF");
  text(8, "WAVEfmt ");
  for (const [from, value] of [
    [16, 16],
    [24, RATE],
    [40, bytes.length - 44],
  ] as const)
    view.setUint32(from, value, true);
  for (const [from, value] of [
    [20, 1],
    [22, channels],
    [34, 16],
  ] as const)
    view.setUint16(from, value, true);
  text(36, "data");
  for (let i = 0; i < count * channels; i++) {
    const t = Math.floor(i / channels) / RATE;
    view.setInt16(44 + 2 * i, t >= 0.25 && t < 0.5 ? 8000 * Math.sin(2 * Math.PI * 500 * t) : 0, true);
  }
  writeFileSync(at(name), bytes);
  return at(name);
};
const saved = (name: string, text: string) => {
  writeFileSync(at(name), encodeModelBytes(parseModel(`<ir_version: 8, opset_import: ["" : 18]> ${text}`)));
  return at(name);
};
const mono = wav("tone.wav");

const WAVES = `(float[N,L] x) => (float[N,2] y) <float[4,1,16] w = random(1), float[4,2] v = random(2), int64[1] one = {1}, int64[1] last = {2}> {
  u = Unsqueeze(x, one) c = Conv <strides = [8]> (u, w) r = Relu(c) m = ReduceMean <keepdims = 0> (r, last) y = MatMul(m, v) }`;

const maps = async (...argv: string[]) => {
  const { code, out, err } = await backlit("explain", ...argv, "--relevance", at("r.npz"), "--json");
  expect(code, err).toBe(0);
  const relevance = readNpz(new Uint8Array(readFileSync(at("r.npz")))).get("relevance")!;
  return { dims: relevance.dims, data: Array.from(relevance.data as Float32Array), notices: JSON.parse(out).notices as string[] };
};

describe("waveforms", () => {
  const model = saved("waves.onnx", `g ${WAVES}`);

  test("the axis of a drawing counts seconds", async () => {
    expect((await backlit("explain", model, mono, "--heatmap", at("tone.svg"))).code).toBe(0);
    const ticks = readFileSync(at("tone.svg"), "utf8").match(/>0\.\d+ s</g);
    expect(ticks).toContain(">0.6 s<");
  });

  test("at the file's rate where nobody says another, relevance where the sound is", async () => {
    const { dims, data, notices } = await maps(model, mono);
    expect(dims).toEqual([1, 6000]);
    expect(notices.join()).toMatch(/nothing says at which rate the model hears: .*\(8000 Hz\); --sample-rate/);
    const sizes = (from: number, to: number) => data.slice(from, to).reduce((sum, v) => sum + Math.abs(v), 0);
    expect(sizes(1980, 4020)).toBeGreaterThan(0);
    expect(sizes(0, 1980) + sizes(4020, 6000)).toBe(0);
  });

  test("brought to the model's rate; channels are averaged; a fixed length is filled up", async () => {
    const { dims, notices } = await maps(model, wav("stereo.wav", 2), "--sample-rate", "16000");
    expect(dims).toEqual([1, 12000]);
    expect(notices.join()).toMatch(/has 2 channels.*from 8000 to 16000 Hz/);
    const fixed = saved("fixed.onnx", `g ${WAVES.replace("N,L", "1,7000")}`);
    const filled = await maps(fixed, mono, "--sample-rate", "8000");
    expect(filled.dims).toEqual([1, 7000]);
    expect(filled.notices.join()).toMatch(/filled up with silence to the 7000 steps/);
  });

  test("models that take none, and sounds that are read by nobody", async () => {
    const pictures = saved("pictures.onnx", "g (float[N,3,8,8] x) => (float[N,3,8,8] y) { y = Relu(x) }");
    expect((await backlit("explain", pictures, mono)).err).toMatch(
      /the model takes no waveform \(.*tone\.wav\): its input 'x' is \[N, 3, 8, 8\]/,
    );
    writeFileSync(at("a.flac"), "fLaC\0\0\0\x22");
    expect((await backlit("explain", model, at("a.flac"))).err).toMatch(/it looks like a FLAC sound: convert it to WAV/);
  });
});

test("frames of features, in the order of axes the model has", async () => {
  const config = { sampling_rate: RATE, n_fft: 256, hop_length: 128, n_mels: 12, log: "ln", center: false };
  const layouts = [
    ["N,T,12", "1,2"],
    ["N,12,T", "1,2"],
    ["N,1,T,12", "1,2,3"],
  ] as const;
  const sums: number[][] = [];
  for (const [i, [shape, axes]] of layouts.entries()) {
    mkdirSync(at(`ears${i}`));
    const text = `g (float[${shape}] x) => (float[N,1] y) <int64[${axes.split(",").length}] axes = {${axes}}, float[1,1] w = {1}> { r = Relu(x) m = ReduceMean <keepdims = 0> (r, axes) u = Unsqueeze(m, one) y = MatMul(u, w) }`;
    saved(`ears${i}/model.onnx`, text.replace("float[1,1] w", "int64[1] one = {1}, float[1,1] w"));
    writeFileSync(at(`ears${i}/preprocessor_config.json`), JSON.stringify(config));
    const { dims, data } = await maps(at(`ears${i}`), mono, "--method", "gradient-x-input");
    expect(dims.filter((size) => size > 1).sort()).toEqual([12, 45]);
    const time = dims.indexOf(45);
    const step = dims.slice(time + 1).reduce((a, b) => a * b, 1);
    sums.push(
      Array.from({ length: 45 }, (_, n) => data.reduce((sum, v, k) => (Math.floor(k / step) % 45 === n ? sum + v : sum), 0)),
    );
  }
  const drawn = await backlit("explain", at("ears0"), mono, "--heatmap", at("ears.svg"));
  expect(drawn.code).toBe(0);
  const svg = readFileSync(at("ears.svg"), "utf8");
  expect([svg.match(/>1000 Hz</g)?.length, />0\.2 s</.test(svg)]).toEqual([2, true]);
  expect(sums[0]!.map((v) => v !== 0).lastIndexOf(true)).toBeLessThan(33);
  expect(sums[0]!.some((v) => v !== 0)).toBe(true);
  for (const other of sums.slice(1)) expect(other).toEqual(sums[0]!.map((v) => expect.closeTo(v, 6)));
});

test("evaluate takes a folder of WAV files, labelled by their subfolders", async () => {
  const model = saved("judged.onnx", `g ${WAVES}`);
  for (const label of ["0", "1"]) mkdirSync(at(`barks/${label}`), { recursive: true });
  for (const name of ["barks/0/a.wav", "barks/1/b.wav", "barks/1/c.wav"]) wav(name);
  const { code, out, err } = await backlit(
    ...[
      "evaluate",
      model,
      at("barks"),
      "--sample-rate",
      "8000",
      "--methods",
      "gradient,random",
      "--metrics",
      "complexity",
      "--json",
    ],
  );
  expect(code, err).toBe(0);
  expect(JSON.parse(out).samples.map(({ name }: { name: string }) => name)).toEqual(["0/a.wav", "1/b.wav", "1/c.wav"]);
});
