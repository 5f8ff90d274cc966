/** Cases about concepts: what is asked goes by the case's kind. */
import { readFile } from "node:fs/promises";
import { decodeModel, type Explainer, load, type Runtime, type Tensor } from "@backlit/core";
import type { Case, Expectation } from "../cases.ts";
import { compare } from "../compare.ts";
import { caseArray, problem, type Result, type Verdict } from "../verdict.ts";
import { pairs } from "./bilrp.ts";
import { conditional } from "./crp.ts";
import type { Answer, Given } from "./given.ts";
import { kernel } from "./kernel/index.ts";
import { prototypes } from "./pcx.ts";
import { boxes } from "./receptive-field.ts";
import { ranked } from "./relmax.ts";
import { clusters } from "./spray.ts";

const KINDS: Readonly<Record<string, (given: Given, expectation: Expectation) => Promise<Answer>>> = {
  crp: conditional,
  relmax: ranked,
  pcx: prototypes,
  spray: clusters,
  "receptive-field": boxes,
  bilrp: pairs,
  kernel,
};

export const isConcepts = ({ kind }: Case): boolean => kind !== undefined && Object.hasOwn(KINDS, kind);

export const runConceptsCase = async (it: Case, runtime: Runtime): Promise<readonly Verdict[]> => {
  const verdict = (id: string, rest: Result): Verdict => ({ case: it.name, id, ...rest });
  const all = [...it.expected.map((e) => e.id), ...(it.forward ? ["forward"] : [])];
  try {
    const inputs: Record<string, Tensor> = {};
    for (const [name, file] of Object.entries(it.inputs)) inputs[name] = await caseArray(it.dir, file);
    const bytes = await readFile(it.model);
    const model = decodeModel(bytes, it.model);
    const own = model.graph.input.map(({ name }) => name);
    const sample = Object.fromEntries(Object.entries(inputs).filter(([name]) => own.includes(name)));
    await using lit = await load(bytes, { runtime, name: it.model, model, sample });
    const verdicts: Verdict[] = [];
    for (const expectation of it.expected)
      verdicts.push(verdict(expectation.id, await judged({ it, lit, inputs, feeds: sample }, expectation)));
    if (it.forward) verdicts.push(verdict("forward", await forward(it, lit, sample)));
    return verdicts;
  } catch (error) {
    return all.map((id) => verdict(id, problem(error)));
  }
};

const judged = async (given: Given, expectation: Expectation): Promise<Result> => {
  try {
    const { got, wrong } = await KINDS[given.it.kind!]!(given, expectation);
    if (wrong !== undefined) return { status: "failed", reason: wrong };
    return compare(got, await caseArray(given.it.dir, expectation.file), expectation);
  } catch (error) {
    return problem(error);
  }
};

const FORWARD_TOLERANCE = 1e-5;

const forward = async (
  { dir, output, forward, forward_noise = 0 }: Case,
  lit: Explainer,
  sample: Given["inputs"],
): Promise<Result> => {
  try {
    const explanation = await lit.explain(sample, { method: "gradient", onUnsupported: "detach", ...(output && { output }) });
    const tolerance = Math.max(FORWARD_TOLERANCE, 10 * forward_noise);
    return compare(explanation.output, await caseArray(dir, forward!), { tolerance });
  } catch (error) {
    return problem(error);
  }
};
