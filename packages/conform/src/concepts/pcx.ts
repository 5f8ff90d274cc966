/** Prototypes: mixtures of Gaussians on the channel relevances of a class. */
import {
  type ClassPrototypes,
  densityOf,
  fail,
  fitMixture,
  judgeDecision,
  logSumExp,
  type Mixture,
  type MixtureOptions,
  prototypesOf,
  type Rows,
  responsibilitiesOf,
  type Tensor,
} from "@backlit/core";
import type { Case, Expectation } from "../cases.ts";
import { caseArray } from "../verdict.ts";
import { conditional } from "./crp.ts";
import type { Answer, Given } from "./given.ts";

interface Params extends Pick<MixtureOptions, "components" | "covariance" | "reg"> {
  readonly rows: readonly [number, number];
  readonly start: { readonly means: string };
}

interface Classes extends Case {
  readonly classes: readonly number[];
  readonly samples: { readonly test: readonly [number, number] };
}

export const prototypes = async (given: Given, expectation: Expectation): Promise<Answer> => {
  if (expectation.method === "lrp") return await conditional(given, expectation);
  const it = given.it as Classes;
  const rows = rowsOf(given.inputs.vectors!);
  const test = rows.slice(...it.samples.test);
  const predicted = /^predicted-(.*)$/.exec(expectation.id)?.[1];
  if (predicted !== undefined) {
    const fitted = await Promise.all(it.classes.map((k) => fit(it, rows, paramsOf(it, `class${k}.${predicted}.`))));
    const likelihoods = fitted.map((own) => test.map((row) => logSumExp(densityOf(own.mixture)(row))));
    return ints(test.map((_, n) => it.classes[(likelihoods[0]![n]! >= likelihoods[1]![n]! ? 0 : 1) as 0 | 1]!));
  }
  const params = expectation.params as unknown as Params;
  const [what, of] = expectation.id.split(".").slice(2) as [string, string | undefined];
  const own = rows.slice(...params.rows);
  if (what === "one-step") return partOf(fitMixture(own, { ...(await optionsOf(it, params)), steps: 1 }), of!);
  const found = await fit(it, rows, params);
  const { mixture } = found;
  const density = densityOf(mixture);
  switch (what) {
    case "converged":
      return partOf(mixture, of!);
    case "log-likelihood":
      return floats(rows.map((row) => logSumExp(density(row))));
    case "mean-log-likelihood":
      return floats([own.reduce((sum, row) => sum + logSumExp(density(row)), 0) / own.length]);
    case "prototypes":
      return ints([...found.nearest, ...found.densest], [2, found.nearest.length]);
    case "assignment":
      return ints(found.components);
    case "responsibilities":
      return floats(
        own.flatMap((row) => responsibilitiesOf(density(row))),
        [own.length, params.components],
      );
    case "difference-to-prototype":
      return floats(
        test.flatMap((row) => judgeDecision(found, row).difference),
        [test.length, rows[0]!.length],
      );
    default:
      throw fail("Unsupported", { what: `no expectation '${expectation.id}'` });
  }
};

const fit = async (it: Case, rows: Rows, params: Params): Promise<ClassPrototypes> =>
  prototypesOf({ rows: rows.slice(...params.rows) }, await optionsOf(it, params));

const optionsOf = async (it: Case, { components, covariance, reg, start }: Params): Promise<MixtureOptions> => ({
  components,
  covariance: covariance!,
  reg: reg!,
  means: rowsOf(await caseArray(it.dir, start.means)),
  steps: 100_000,
  tolerance: 1e-13,
});

const paramsOf = (it: Case, prefix: string): Params =>
  it.expected.find(({ id }) => id.startsWith(prefix))!.params as unknown as Params;

const rowsOf = ({ dims, data }: Tensor): Rows =>
  Array.from({ length: dims[0]! }, (_, n) =>
    Float64Array.from((data as Float32Array).subarray(n * dims[1]!, (n + 1) * dims[1]!)),
  );

const partOf = ({ weights, means, covariances, covariance }: Mixture, of: string): Answer => {
  const [components, width] = [weights.length, means[0]!.length];
  if (of === "weights") return floats(weights);
  if (of === "means") return floats(means.flat(), [components, width]);
  return floats(covariances.flat(), covariance === "full" ? [components, width, width] : [components, width]);
};

const floats = (data: readonly number[], dims: readonly number[] = [data.length]): Answer => ({
  got: { type: "float32", dims, data: Float32Array.from(data) },
});
const ints = (data: readonly number[], dims: readonly number[] = [data.length]): Answer => ({
  got: { type: "int32", dims, data: Int32Array.from(data) },
});
