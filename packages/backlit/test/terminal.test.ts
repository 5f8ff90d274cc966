/** What comes from outside and is told to a person must not reach the terminal as it is. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { encodeModelBytes, parseModel, writeNpy } from "@backlit/core";
import pico from "picocolors";
import { describe, expect, test } from "vitest";
import { main } from "../src/main.ts";
import { at, backlit, ioOf } from "./cli.ts";

const EVIL = "\x1b[31mred\x1b]0;title\x07\x9b2J\nnote: all is well\r\u202eliated";
const SEEN = "␛[31mred␛]0;title␇\ufffd2J␊note: all is well␍\ufffdliated";
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const RAW = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;

const folder = at("evil");
mkdirSync(folder);
const plain = parseModel(`net (float[N,4] IN) => (float[N,3] OUT) <float[4,3] w = random(1), float[3] b = random(2)>
  { MID = Gemm(IN, w, b) OUT = Softmax(MID) }`);
const named = (text: string) => text.replace(/^(IN|MID|OUT)$/, (name) => `${name}${EVIL}`);
const value = <T extends { name: string }>(one: T): T => ({ ...one, name: named(one.name) });
const { graph } = plain;
const node = graph.node.map((one, i) => ({
  ...one,
  name: `node ${i}${EVIL}`,
  input: one.input.map(named),
  output: one.output.map(named),
}));
const model = { ...plain, graph: { ...graph, node, input: graph.input.map(value), output: graph.output.map(value) } };
const path = join(folder, "model.onnx");
writeFileSync(path, encodeModelBytes(model));
writeFileSync(join(folder, "labels.json"), JSON.stringify([0, 1, 2].map((i) => `label ${i} ${EVIL}`)));
const x = join(folder, "x.npy");
writeFileSync(x, writeNpy({ type: "float32", dims: [2, 4], data: Float32Array.of(1, 2, -1, 3, -2, 1, 0, 1) }));

const told = async (expected: number, ...argv: string[]): Promise<string> => {
  const { code, out, err } = await backlit(...argv);
  expect(code, err).toBe(expected);
  for (const text of [out, err]) {
    expect(text).not.toMatch(RAW);
    expect(text.split("\n").filter((line) => /^note: all is well/.test(line))).toEqual([]);
  }
  return out + err;
};

describe("names, labels and errors", () => {
  test.each<[string, number, ...string[]]>([
    ["explain", 0, "explain", path, x, "--ledger", "--composite", "epsilon"],
    ["inspect", 0, "inspect", path, "--why"],
    ["inspect as JSON", 0, "inspect", path, "--json"],
    ["compile", 0, "compile", path, "-o", at("out.onnx"), "--layer", `MID${EVIL}`],
    ["evaluate", 0, "evaluate", path, x, "--methods", "epsilon,gradient", "--workers", "1"],
    ["audit", 0, "audit", path, x, "--workers", "1"],
    ["an unknown label", 1, "explain", path, x, "--target", `no${EVIL}`],
    ["an unknown file", 1, "explain", path, `${EVIL}.npy`],
    ["an unknown value", 1, "explain", path, x, "--output", EVIL],
    ["an unknown option", 2, "explain", path, x, `--${EVIL}`],
    ["an unknown command", 2, EVIL],
    ["an unknown metric", 2, "metrics", EVIL],
  ])("%s", async (_, code, ...argv) => {
    await told(code, ...argv);
  });

  test("are shown with what a terminal would have obeyed", async () => {
    expect(await told(0, "explain", path, x)).toContain("label 0 ␛[31mred␛]");
    expect(await told(0, "inspect", path)).toContain(`back to IN${SEEN}`);
    expect(await told(1, "explain", path, x, "--output", EVIL)).toContain("␛[31mred␛]0;title␇");
  });

  test("JSON holds them as they are", async () => {
    const { out } = await backlit("explain", path, x, "--json");
    expect(JSON.parse(out)).toMatchObject({ output: `OUT${EVIL}`, explained: [`IN${EVIL}`] });
    expect(JSON.parse(out).inputs[0].label).toContain(EVIL);
    expect(out).not.toMatch(RAW);
  });
});

test("our own colours and progress pass", async () => {
  const [out, err]: [string[], string[]] = [[], []];
  await main(["explain", path, x], { ...ioOf(out, err), live: true, columns: 100, colours: pico.createColors(true) });
  expect(out.join("")).toContain("\x1b[1mmodel on ");
  expect(err.join("").startsWith("\r\x1b[K")).toBe(true);
  expect(stripVTControlCharacters(out.join(""))).not.toMatch(RAW);
});

test("long arguments are cut in errors", async () => {
  const long = "a long argument ".repeat(2000);
  const cases = [
    ["explain", path, long],
    ["explain", path, x, "--target", long],
    ["explain", path, x, "--recipe", long],
    ["explain", path, x, "--composite", "x".repeat(1e5)],
    ["explain", path, x, `--${"x".repeat(1e5)}`],
    ["explain", path, x, "--input", `${"y".repeat(1e5)}=${long}`],
    [long],
  ];
  for (const argv of cases) {
    const { code, err } = await backlit(...argv);
    expect([code === 0, err.length < 1500], `${argv.map((one) => one.slice(0, 20))}: ${err.slice(0, 200)}`).toEqual([
      false,
      true,
    ]);
    expect(err.match(/^backlit: /gm)).toHaveLength(1);
  }
});
