/** An import costs what it uses: published files are modules, and nothing in them is kept for its effects. */
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

const dist = (path: string) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));

/** Bytes of a page's bundle that imports these names, minified. */
const bytesOf = async (names: string, path: string): Promise<number> => {
  const code = `import { ${names} } from ${JSON.stringify(dist(path))}; console.log(${names});`;
  const page = "\0page";
  const bundle = await rolldown({
    input: page,
    platform: "browser",
    logLevel: "silent",
    plugins: [{ name: "page", resolveId: (id) => (id === page ? id : null), load: (id) => (id === page ? code : null) }],
  });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  return output.reduce((sum, chunk) => sum + (chunk.type === "chunk" ? Buffer.byteLength(chunk.code) : 0), 0);
};

test("the codec alone is at most 15 kB, by its own door and by the main one", async () => {
  expect(await bytesOf("decodeModel", "onnx/index.js")).toBeLessThan(15_000);
  expect(await bytesOf("decodeModel", "index.js")).toBeLessThan(15_000);
});

test("a heatmap needs no compiler: at most 30 kB", async () => {
  expect(await bytesOf("heatmap, encodePng", "render/index.js")).toBeLessThan(30_000);
});
