/** Runs a metrics case: every entry by our metrics on the case's model, the model's output, relations between entries. */
import { decodeModel, type FloatTensor, load, type Runtime, type Tensor, toFloat32 } from "@backlit/core";
import { caseFile, problem, type Result, type Verdict } from "../verdict.ts";
import { Bench } from "./bench.ts";
import type { MetricExpectation, MetricsCase } from "./case.ts";
import { checkEntry } from "./check.ts";
import { Worst } from "./compare.ts";
import { Files } from "./files.ts";
import type { Found } from "./found.ts";
import { imputed } from "./imputed.ts";
import { strangeParameters } from "./known.ts";
import { MeasuredEntry } from "./measured.ts";
import { asksPermutations, permuted } from "./permuted.ts";
import { checkRelation, type Related, relationName } from "./relations.ts";
import { similar } from "./similar.ts";

/** One verdict for each entry, one for the output, one for each relation. */
export const runMetricsCase = async (it: MetricsCase, runtime: Runtime): Promise<readonly Verdict[]> => {
  const verdict = (id: string, result: Result): Verdict => ({ case: it.name, id, ...result });
  const all = [
    ...it.expected.map(({ id }) => id),
    ...(it.forward === undefined ? [] : ["forward"]),
    ...it.relations.map(relationName),
  ];
  try {
    const files = new Files(it);
    const inputs: Record<string, Tensor> = {};
    for (const [name, file] of Object.entries(it.inputs)) inputs[name] = toFloat32(await files.array(file));
    const bytes = await caseFile(it.dir, it.model);
    await using lit = await load(bytes, { runtime, name: it.model, model: decodeModel(bytes, it.model), sample: inputs });
    const bench = new Bench(it, files, lit, inputs, await files.targets(), Object.values(inputs)[0] as FloatTensor);
    const verdicts: Verdict[] = [];
    const related = new Map<string, Related>();
    for (const entry of it.expected) {
      const { result, ...found } = await one(bench, entry);
      verdicts.push(verdict(entry.id, result));
      related.set(entry.id, found);
    }
    if (it.forward !== undefined) verdicts.push(verdict("forward", await forward(bench, it.forward).catch(problem)));
    for (const relation of it.relations) verdicts.push(verdict(relationName(relation), related_(relation, related)));
    return verdicts;
  } catch (error) {
    return all.map((id) => verdict(id, problem(error)));
  }
};

const one = async (bench: Bench, entry: MetricExpectation): Promise<Related & { readonly result: Result }> => {
  try {
    const { worst, measured } = await checkEntry(entry, await foundFor(bench, entry), bench.files);
    return { entry, measured, result: excused(judged(worst), entry) };
  } catch (error) {
    return { entry, result: problem(error) };
  }
};

const foundFor = async (bench: Bench, entry: MetricExpectation): Promise<Found> => {
  if (entry.metric === "imputer") return imputed(bench, entry);
  if (entry.metric === "map-similarity") return similar(bench, entry);
  return asksPermutations(entry) ? permuted(bench, entry) : new MeasuredEntry(bench, entry);
};

const judged = (worst: Worst): Result => {
  const { error, tolerance, where } = worst.difference!;
  if (worst.holds) return { status: "passed", error, tolerance };
  const apart = Number.isFinite(tolerance) ? `, tolerance ${tolerance.toExponential(1)}` : "";
  return { status: "failed", ...(apart && { error, tolerance }), reason: `${where}${apart}` };
};

/** Numbers that do not hold under parameters nobody knows are not asked of backlit. */
const excused = (result: Result, { params }: MetricExpectation): Result => {
  const strange = strangeParameters(params);
  if (result.status !== "failed" || strange.length === 0) return result;
  return { ...result, status: "not supported", reason: `parameters ${strange.join(", ")}: ${result.reason}` };
};

/** As curves: absolute, by the largest number or the reference's own noise. */
const forward = async (bench: Bench, file: string): Promise<Result> => {
  const [got, want] = [await bench.forward(), toFloat32(await bench.files.array(file))];
  const worst = new Worst();
  if (got.dims.join() !== want.dims.join()) worst.fails(`shape ${got.dims.join("×")} instead of ${want.dims.join("×")}`);
  const data = want.data as Float32Array;
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const tolerance = Math.max(1e-5 * largest, 10 * (bench.it.forward_noise ?? 0));
  worst.numbers("output", got.data as Float32Array, data, tolerance, data.length / want.dims[0]!);
  return judged(worst);
};

const related_ = (relation: MetricsCase["relations"][number], entries: ReadonlyMap<string, Related>): Result => {
  try {
    return checkRelation(relation, entries);
  } catch (error) {
    return problem(error);
  }
};
