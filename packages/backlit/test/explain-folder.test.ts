/** A folder explained file by file. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, writeNpy } from "@backlit/core";
import sharp from "sharp";
import { expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const text = `<ir_version: 8, opset_import: ["" : 18]> g (float[N,3,4,4] x) => (float[N,3] y) <int64[2] axes = {2,3}, float[3,3] w = random(1)> {
  m = ReduceMean <keepdims = 0> (x, axes) y = MatMul (m, w) }`;
writeFileSync(at("model.onnx"), encodeModelBytes(parseModel(text)));
const picture = async (name: string) => {
  const image = sharp({ create: { width: 6, height: 6, channels: 3, background: { r: 255, g: 51, b: 0 } } });
  writeFileSync(at(`in/${name}`), await (name.endsWith(".jpg") ? image.jpeg() : image.png()).toBuffer());
};
for (const folder of ["in", "in/below"]) mkdirSync(at(folder));
for (const name of ["cat.jpg", "cat.png", "dog.png", "below/cat.png"]) await picture(name);
writeFileSync(at("in/broken.png"), "\x89PNG\r\n\x1a\n");
writeFileSync(at("in/labels.csv"), "file,label\n");
const run = (out: string, ...more: string[]) =>
  backlit("explain", at("model.onnx"), at("in"), "--out", at(out), "--range", "0..1", ...more);

test("a map of every file under its name; those that cannot be read are listed, and the exit code says so", async () => {
  const { code, out, err } = await run("maps");
  // How far it is may be told, on a slow machine.
  expect([code, err.replace(/^(note: |\d+ of \d+: ).*\n/gm, "")]).toEqual([1, ""]);
  expect(out).toMatch(/^3 files explained: .*maps\/index\.html\n1 skipped:\n {2}broken\.png: /);
  for (const name of ["cat.jpg.png", "cat.png.png", "dog.png"]) expect(existsSync(at(`maps/${name}`))).toBe(true);
  expect(existsSync(at("maps/below"))).toBe(false);
  const page = readFileSync(at("maps/index.html"), "utf8");
  expect(page).toContain('src="cat.jpg.png"');
  expect(page).toMatch(/Skipped.*broken\.png/s);
});

test("a stopped run goes on, another request is refused", async () => {
  const { mtimeMs } = statSync(at("maps/dog.png"));
  rmSync(at("in/broken.png"));
  const again = await run("maps");
  expect([again.code, again.out]).toEqual([0, expect.stringMatching(/^3 files explained, 3 of them before/)]);
  expect(statSync(at("maps/dog.png")).mtimeMs).toBe(mtimeMs);
  const other = await run("maps", "--method", "gradient");
  expect([other.code, other.err]).toEqual([2, expect.stringMatching(/the folder holds other maps .*: give another folder/)]);
});

test("folders below on request; what does not go with a folder is refused", async () => {
  const { code, out } = await run("all", "--recursive", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out).done["below/cat.png"].maps).toEqual(["below/cat.png"]);
  expect(existsSync(at("all/below/cat.png"))).toBe(true);
  expect((await run("all", "--relevance", at("r.npy"))).err).toMatch(/--relevance with a folder: leave it out/);
  const bare = await backlit("explain", at("model.onnx"), at("in"));
  expect([bare.code, bare.err]).toEqual([2, expect.stringMatching(/a folder as INPUT .*--out FOLDER/)]);
  const single = await backlit("explain", at("model.onnx"), at("in/dog.png"), "--out", at("x"));
  expect([single.code, single.err]).toEqual([2, expect.stringMatching(/--out: it goes with one folder/)]);
});

test("more files than run together, of sizes that do not: each has the map it has alone", async () => {
  mkdirSync(at("many"));
  for (const i of Array(19).keys()) {
    const background = { r: 13 * i, g: 255 - 11 * i, b: 40 };
    writeFileSync(
      at(`many/${i}.png`),
      await sharp({ create: { width: 4 + i, height: 5, channels: 3, background } })
        .png()
        .toBuffer(),
    );
  }
  writeFileSync(at("many/7b.npy"), writeNpy({ type: "float32", dims: [2, 5], data: new Float32Array(10) }));
  const { code, out } = await backlit(
    "explain",
    at("model.onnx"),
    at("many"),
    "--out",
    at("many-maps"),
    "--range",
    "0..1",
    "--json",
  );
  const { done, skipped } = JSON.parse(out);
  expect([code, Object.keys(skipped)]).toEqual([1, ["7b.npy"]]);
  expect(Object.keys(done).sort()).toEqual(Array.from({ length: 19 }, (_, i) => `${i}.png`).sort());
  for (const name of ["0.png", "18.png"]) {
    await backlit("explain", at("model.onnx"), at(`many/${name}`), "--range", "0..1", "--heatmap", at("alone.png"));
    expect(readFileSync(at(`many-maps/${name}`)).equals(readFileSync(at("alone.png")))).toBe(true);
  }
});
