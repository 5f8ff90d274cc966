/**
 * Runs conformance cases: compiles each expectation as a recipe and runs the artefact, or asks the method that needs more than one
 * pass; compares by relative L2 error.
 */
import { readFile } from "node:fs/promises";
import {
  type Artefact,
  compileModel,
  decodeModel,
  type Explainer,
  encodeModelBytes,
  load,
  METHODS,
  methods,
  type Prepared,
  parseRecipe,
  prepare,
  type Runtime,
  type Tensor,
  toFloat32,
} from "@backlit/core";
import type { AnyCase, Case, Expectation } from "./cases.ts";
import { compare } from "./compare.ts";
import { isConcepts, runConceptsCase } from "./concepts/run.ts";
import { runMetricsCase } from "./metrics/run.ts";
import { caseArray, problem, type Result, type Verdict } from "./verdict.ts";

const FORWARD_TOLERANCE = 1e-5;

export const runCase = async (it: AnyCase, runtime: Runtime): Promise<readonly Verdict[]> => {
  if (it.format === "golden/1" && isConcepts(it)) return runConceptsCase(it, runtime);
  if (it.format === "golden/1") return runMapsCase(it, runtime);
  if (it.format === "golden-metrics/1") return runMetricsCase(it, runtime);
  return [{ case: it.name, id: "case", status: "not supported", reason: it.reason }];
};

const runMapsCase = async (it: Case, runtime: Runtime): Promise<readonly Verdict[]> => {
  const verdict = (id: string, rest: Omit<Verdict, "case" | "id">): Verdict => ({ case: it.name, id, ...rest });
  const all = [...it.expected.map((e) => e.id), ...(it.forward ? ["forward"] : [])];
  try {
    const inputs: Record<string, Tensor> = {};
    for (const [name, file] of Object.entries(it.inputs)) inputs[name] = await caseArray(it.dir, file);
    const bytes = await readFile(it.model);
    const source = decodeModel(bytes, it.model);
    const prepared = await prepare(source, runtime, { sample: inputs });
    await using more = new MoreThanOnce(it, inputs, () =>
      load(bytes, { runtime, name: it.model, model: source, sample: inputs }),
    );
    const verdicts: Verdict[] = [];
    let forward: Verdict | undefined;
    for (const expectation of it.expected) {
      const { result, output } = methods[expectation.method]
        ? await more.explain(expectation)
        : await one(it, expectation, prepared, inputs, runtime);
      verdicts.push(verdict(expectation.id, result));
      if (it.forward && output && forward === undefined)
        forward = verdict(
          "forward",
          compare(output, await caseArray(it.dir, it.forward), {
            tolerance: Math.max(FORWARD_TOLERANCE, 10 * (it.forward_noise ?? 0)),
          }),
        );
    }
    if (it.forward)
      verdicts.push(forward ?? verdict("forward", { status: "not supported", reason: "no expectation of this case compiles" }));
    return verdicts;
  } catch (error) {
    return all.map((id) => verdict(id, problem(error)));
  }
};

const one = async (
  it: Case,
  expectation: Expectation,
  prepared: Prepared,
  inputs: Record<string, Tensor>,
  runtime: Runtime,
): Promise<{ result: Result; output?: Tensor }> => {
  if (!(METHODS as readonly string[]).includes(expectation.method))
    return { result: { status: "not supported", reason: `method ${expectation.method}` } };
  try {
    const value = expectation.tensor ?? expectation.input;
    const { recipe } = parseRecipe({ ...expectation, ...(it.output && { output: it.output }), ...(value && { explain: value }) });
    const compiled = compileModel(prepared, recipe, { target: { kind: "input" } });
    const session = await runtime.createSession(encodeModelBytes(compiled.model));
    try {
      const out = await session.run({ ...inputs, ...(await choice(it, expectation, compiled)) });
      const relevance = out[Object.values(compiled.names.relevance)[0]!]!;
      const output = it.output ? out[it.output] : undefined;
      return {
        result: compare(relevance, await caseArray(it.dir, expectation.file), expectation),
        ...(output && { output }),
      };
    } finally {
      await session.release();
    }
  } catch (error) {
    return { result: problem(error) };
  }
};

/** The target's indices, or the seed itself, as the artefact's input. */
const choice = async (it: Case, { seed_file, targets }: Expectation, { names }: Artefact): Promise<Record<string, Tensor>> => {
  if (names.seedInput) return { [names.seedInput]: toFloat32(await caseArray(it.dir, seed_file!)) };
  const flat = (targets ?? []).flat();
  const dims = Array.isArray(targets?.[0]) ? [targets.length, targets[0].length] : [flat.length];
  return { [names.targetInput!]: { type: "int64", dims, data: BigInt64Array.from(flat, BigInt) } };
};

/** Methods that ask the model more than once: through an explainer, opened for the first of them. */
class MoreThanOnce implements AsyncDisposable {
  #lit: Promise<Explainer> | undefined;
  constructor(
    readonly it: Case,
    readonly inputs: Record<string, Tensor>,
    readonly open: () => Promise<Explainer>,
  ) {}

  async explain({
    method,
    params,
    targets,
    tensor,
    input,
    file,
    tolerance,
  }: Expectation): Promise<{ result: Result; output?: Tensor }> {
    const { it, inputs } = this;
    try {
      this.#lit ??= this.open();
      // All inputs move together; the expectation is for one of them. A tensor inside is explained alone.
      const { relevance, relevances } = await (await this.#lit).explain(inputs, {
        method,
        ...(params !== undefined && { params: params as Record<string, unknown> }),
        ...(targets && { target: targets }),
        ...(tensor !== undefined && { explain: tensor }),
        ...(it.output !== undefined && { output: it.output }),
      });
      return { result: compare(relevances[input ?? ""] ?? relevance, await caseArray(it.dir, file), { tolerance }) };
    } catch (error) {
      return { result: problem(error) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#lit?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }
}
