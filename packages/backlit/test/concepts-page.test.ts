/** The commands that docs/concepts.md gives for the bundled digits, run one after another: later ones read what earlier ones wrote. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { at, backlit, root } from "./cli.ts";

const page = readFileSync(root("docs/concepts.md"), "utf8");
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text]) => text!);
const lines = blocks.flatMap((text) => text.split("\n")).map((line) => line.replace(/ +#.*/, "").split(" "));
const WRITES = new Set(["-o", "--heatmap", "--relevance", "--report", "--scores"]);
/** Files that a line writes, by their names in the page. */
const written = (words: readonly string[]) => words.filter((_, k) => WRITES.has(words[k - 1] ?? ""));

const made = new Set<string>();
const runs = lines.filter((words) => {
  const [name, , model = ""] = words;
  if (name !== "backlit" || !(model === "digits" || made.has(model))) return false;
  for (const file of written(words)) made.add(file);
  return true;
});

test("every command about concepts is among them", () => {
  const commands = new Set(runs.map(([, command]) => command));
  for (const command of ["explain", "concepts", "compile", "cluster", "subspaces", "repair"]) expect(commands).toContain(command);
});

test.each(runs.map((words) => [words.slice(1).join(" "), words] as const))("%s", async (_, words) => {
  const argv = words.slice(1).map((word) => (made.has(word) ? at(word) : word.replace(/^data\//, root("data/"))));
  const { code, out, err } = await backlit(...argv);
  expect(code, err).toBe(0);
  expect(out).not.toBe("");
  for (const file of written(words))
    expect(existsSync(at(file)) || existsSync(at(file.replace(/(\.\w+)$/, "-1$1"))), file).toBe(true);
});
