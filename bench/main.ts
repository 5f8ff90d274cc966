/**
 * `npm run bench -- [--only NETWORK…] [--recipe NAME|FILE.json…] [--quick] [--json] [--check]`: a table on stdout and bench/out/bench.json,
 * or with --json the JSON on stdout. `--all`: every network. `--threads N`: of one session; `--wasm`: onnxruntime-web in one thread.
 * `--chromium`: the ratios in a page of a headless Chromium, one thread. `--processor`: processor time in place of the wall's (with `--threads 1`, where other jobs run). `--ratios`: only the recipes' times; `--memory`: only what compiling and memory cost.
 * `--methods`: what methods of many passes cost. `--evaluate`: the perturbation engine against bare forward passes.
 * `--concepts`: reference samples of up to 10,000 pictures against bare explanation runs, and their memory.
 * `--trees`: rows a second of tree SHAP.
 * `--large`: models beyond 2 GB through the command. `--depth`: what compiling costs in graphs of thousands of nodes. `--vocabulary`: memory of explaining one token of many.
 * `--profile` prints where the time of each recipe goes instead, by operator, or node by node with `--nodes`; `--floor` only its parts: the
 * forward pass, products, passes over maps, moves (one thread).
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Runtime } from "@backlit/core";
import { nodeRuntime, webRuntime } from "../packages/backlit/src/host/runtime/node.ts";
import { Chromium } from "./chromium.ts";
import { conceptCosts, conceptModels } from "./concepts.ts";
import { depth } from "./depth.ts";
import { evaluation } from "./evaluate.ts";
import { large } from "./large.ts";
import { processor } from "./measure.ts";
import { memory } from "./memory.ts";
import { methodCosts } from "./methods.ts";
import { chains } from "./models/chain.ts";
import { largeNets } from "./models/large.ts";
import { type NetworkName, networks } from "./networks.ts";
import { floor, profile, summary } from "./profile.ts";
import { readRecipe, recipes, recipesFor } from "./recipes.ts";
import { type Row, table, within } from "./report.ts";
import { speed } from "./speed.ts";
import { treeCosts } from "./trees.ts";
import { vocabulary } from "./vocabulary.ts";

const USUAL: readonly NetworkName[] = ["vgg16", "resnet50", "efficientnet-lite0"];

const options = {
  only: { type: "string", multiple: true },
  recipe: { type: "string", multiple: true },
  all: { type: "boolean", default: false },
  threads: { type: "string" },
  wasm: { type: "boolean", default: false },
  processor: { type: "boolean", default: false },
  batch: { type: "string" },
  quick: { type: "boolean", default: false },
  ratios: { type: "boolean", default: false },
  memory: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  check: { type: "boolean", default: false },
  profile: { type: "boolean", default: false },
  nodes: { type: "boolean", default: false },
  floor: { type: "boolean", default: false },
  chromium: { type: "boolean", default: false },
  large: { type: "boolean", default: false },
  depth: { type: "boolean", default: false },
  vocabulary: { type: "boolean", default: false },
  methods: { type: "boolean", default: false },
  evaluate: { type: "boolean", default: false },
  concepts: { type: "boolean", default: false },
  trees: { type: "boolean", default: false },
} as const;

/** Exit code: 1 when --check is given and a budget is exceeded. */
export const main = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options });
  const rows: Row[] = [];
  const onRow = (row: Row): void => {
    rows.push(row);
    console.error(table([row]).split("\n")[1]);
  };
  const runtime = withThreads(await (values.wasm ? webRuntime() : nodeRuntime()), values.threads);
  if (values.large) {
    for (const name of known("large model", largeNets, values.only) ?? namesOf(largeNets)) await large(name, onRow);
  } else if (values.vocabulary) {
    await vocabulary(onRow);
  } else if (values.depth) {
    for (const name of known("chain", chains, values.only) ?? namesOf(chains)) depth(name, onRow);
  } else if (values.concepts) {
    for (const name of values.only ?? conceptModels) await conceptCosts(name, await nodeRuntime(), values.quick, onRow);
  } else if (values.trees) {
    await treeCosts(runtime, values.quick ? 100 : 500, onRow);
  } else if (values.evaluate) {
    await evaluation(values.quick ? 3 : 7, onRow);
  } else {
    const names = known("network", networks, values.only) ?? (values.all ? namesOf(networks) : USUAL);
    await readRecipes(values.recipe ?? []);
    const chosen = known("recipe", { forward: undefined, ...recipes }, values.recipe);
    if (values.profile || values.floor) {
      const told = { runs: values.quick ? 5 : 15, perNode: values.nodes, short: values.floor };
      for (const name of names) await profiles([name], chosen ?? recipesFor(name), runtime, told);
      return 0;
    }
    if (values.chromium) {
      await using page = await Chromium.open();
      const told = { rounds: values.quick ? 3 : 7, onRow };
      for (const name of names) await page.speed(name, runtime, chosen ?? recipesFor(name), told);
    }
    for (const name of values.chromium ? [] : names) {
      if (values.methods) {
        await methodCosts(name, runtime, values.quick ? 2 : 5, onRow);
        continue;
      }
      if (!values.memory)
        await speed(name, runtime, {
          rounds: values.quick ? 3 : 7,
          ratiosOnly: values.ratios || values.wasm,
          ...(values.processor && { clock: processor }),
          ...(values.batch && { batch: Number(values.batch) }),
          onRow,
          ...(chosen && { recipes: chosen }),
        });
      if (!values.ratios && !values.wasm) await memory(name, runtime, onRow);
    }
  }
  const document = {
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, runtime: runtime.name },
    rows: rows.map((row) => ({ ...row, ...(row.budget !== undefined && { ok: within(row) }) })),
  };
  const json = `${JSON.stringify(document, null, 2)}\n`;
  if (values.json) process.stdout.write(json);
  else {
    console.log(table(rows));
    const out = new URL("../../../bench/out/", import.meta.url); // from the bundle
    await mkdir(out, { recursive: true });
    await writeFile(new URL("bench.json", out), json);
  }
  return values.check && !rows.every(within) ? 1 : 0;
};

/** Sessions of so many threads each. */
const withThreads = (runtime: Runtime, threads: string | undefined): Runtime =>
  threads === undefined
    ? runtime
    : { ...runtime, createSession: (model, options) => runtime.createSession(model, { ...options, threads: Number(threads) }) };

const profiles = async (
  names: readonly NetworkName[],
  chosen: readonly string[],
  runtime: Runtime,
  { runs, perNode, short }: { readonly runs: number; readonly perNode: boolean; readonly short: boolean },
): Promise<void> => {
  for (const name of names) {
    const model = await networks[name]();
    const bare = await profile(model, runtime, undefined, runs);
    for (const label of chosen) {
      const nodes = await profile(model, runtime, recipes[label], runs);
      console.log(`\n${name}, ${label}\n${floor(bare, nodes)}${short ? "" : `\n${summary(nodes, perNode)}`}`);
    }
  }
};

/** Recipe files join the recipes under their path. */
const readRecipes = async (asked: readonly string[]): Promise<void> => {
  for (const path of asked.filter((name) => name.endsWith(".json"))) readRecipe(path, await readFile(path, "utf8"));
};

const namesOf = <Name extends string>(all: Readonly<Record<Name, unknown>>) => Object.keys(all) as Name[];

const known = <Name extends string>(
  what: string,
  all: Readonly<Record<Name, unknown>>,
  asked: readonly string[] | undefined,
): readonly Name[] | undefined => {
  const wrong = asked?.find((name) => !(name in all));
  if (wrong !== undefined) throw new Error(`unknown ${what} '${wrong}'; known: ${Object.keys(all).join(", ")}`);
  return asked as readonly Name[] | undefined;
};
