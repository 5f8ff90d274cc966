/** What docs/targets.md asks of bundled models, asked. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { bundled } from "../src/host/bundled.ts";
import { at, backlit, root } from "./cli.ts";

const page = readFileSync(root("docs/targets.md"), "utf8");
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text]) => text!);
const commands = blocks.flatMap((text) => text.split("\n")).filter((line) => line.startsWith("backlit "));
/** As a shell parts them: the quotes around a whole word, or inside one. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
const runs = commands.map(wordsOf).filter(([, , model]) => model! in bundled);

test("a detector, a segmentation, texts and pairs are among them", () => {
  const models = new Set(runs.map(([, , model]) => model));
  for (const name of ["shapes-detector", "shapes-segmenter", "shapes-embedder", "grammar-lm", "names-tagger"])
    expect(models).toContain(name);
});

test.each(runs.map((words) => [words.slice(1).join(" "), words.slice(1)] as const))("%s", async (_, words) => {
  const files: string[] = [];
  const argv = words.map((word, k) => {
    if (/^(--heatmap|--relevance|--report|-o)$/.test(words[k - 1] ?? "")) return files[files.push(at(basename(word))) - 1]!;
    return word.replace(/^(pair:|mask:)?(data\/)/, (_all, kind = "", path) => `${kind}${root(path)}`);
  });
  const { code, out, err } = await backlit(...argv);
  expect(code, err).toBe(0);
  expect(out).not.toBe("");
  for (const file of files) expect(existsSync(file) || existsSync(file.replace(/(\.\w+)$/, "-1$1")), file).toBe(true);
});
