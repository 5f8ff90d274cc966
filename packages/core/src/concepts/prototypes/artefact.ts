/** Prototypes in an artefact: how likely each decision is for every class, and how ordinary for its own, as outputs. */

import { CHANNEL_COLUMNS } from "../../emit/index.ts";
import { fail } from "../../errors.ts";
import { cholesky, logDeterminant } from "../../numeric/cholesky.ts";
import { type Addition, additionTo } from "../../onnx/addition.ts";
import { attr } from "../../onnx/attributes.ts";
import { DataType, type ModelProto, type ValueInfoProto } from "../../onnx/proto.ts";
import { restConstant } from "./density.ts";
import { type ClassPrototypes, LEAST_SAMPLES } from "./prototypes.ts";

export interface PrototypesAt {
  readonly value: string;
  /** Of the artefact: `channels@VALUE` [N, C, 4] and `explained_target` [N]. */
  readonly channels: string;
  readonly target: string;
  /** By class, a single index. */
  readonly classes: Readonly<Record<string, ClassPrototypes>>;
}

/** Where an artefact says which columns are which classes: by value, the outputs and the classes in order. */
export const PROTOTYPES_KEY = "backlit.prototypes";

/** Names of the outputs of a value, and the classes in the order of the first one's columns. */
export interface PrototypeOutputs {
  /** float32 [N, classes]: log Σ w_k N(x; m_k, C_k) of the channel relevances, as shares. */
  readonly likelihood: string;
  /** float32 [N]: the percentile among the samples of the explained class; NaN where the class has fewer than 10, or none. */
  readonly ordinary: string;
  readonly classes: readonly number[];
}

/** The artefact with two more outputs a value, `likelihood@VALUE` and `ordinary@VALUE`. Errors: BadRecipe for classes of several indices. */
export const withPrototypes = (model: ModelProto, all: readonly PrototypesAt[]): ModelProto => {
  const version = Number(model.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx")?.version ?? 17);
  const written = all.map((at) => outputsOf(model, at, version));
  const { graph } = model;
  return {
    ...model,
    graph: {
      ...graph,
      node: [...graph.node, ...written.flatMap(({ added }) => added.nodes)],
      initializer: [...graph.initializer, ...written.flatMap(({ added }) => added.initializers)],
      output: [...graph.output, ...written.flatMap(({ ports }) => ports)],
    },
    metadataProps: [
      ...model.metadataProps,
      { key: PROTOTYPES_KEY, value: JSON.stringify(Object.fromEntries(written.map(({ value, names }) => [value, names]))) },
    ],
  };
};

const outputsOf = (model: ModelProto, { value, channels, target, classes: byClass }: PrototypesAt, version: number) => {
  const classes = Object.entries(byClass).map(([name, own]) => ({ index: Number(name), own }));
  if (classes.length === 0 || classes.some(({ index }) => !Number.isInteger(index)))
    throw fail("BadRecipe", {
      what: "prototypes in an artefact",
      where: `value '${value}'`,
      why: classes.length === 0 ? "there are none" : "its classes have several indices",
      fix: "backlit explain --ordinary judges them",
    });
  const added = additionTo(model.graph, `prototypes of ${value}`);
  const shares = sharesOf(added, channels);
  const likelihoods = classes.map(({ own }) => logSumExp(added, classDensity(added, shares, own), version));
  const percentiles = classes.map(({ own }, k) => percentileOf(added, likelihoods[k]!, own));
  const wanted = { index: classes.map(({ index }) => index), target };
  const ordinary = chosen(added, added.op("Concat", percentiles, [attr.int("axis", 1)]), wanted);
  const free = (name: string) => (model.graph.output.some((one) => one.name === name) ? `${name}_2` : name);
  const names: PrototypeOutputs = {
    likelihood: added.op("Concat", likelihoods, [attr.int("axis", 1)], free(`likelihood@${value}`)),
    ordinary: added.op("Identity", [ordinary], [], free(`ordinary@${value}`)),
    classes: wanted.index,
  };
  return { value, added, names, ports: [port(names.likelihood, [null, classes.length]), port(names.ordinary, [null])] };
};

const port = (name: string, dims: readonly (number | null)[]): ValueInfoProto => ({
  name,
  type: { tensorType: { elemType: DataType.FLOAT, shape: dims.map((size) => (size === null ? {} : { value: size })) } },
});

const summed = ({ op, ints }: Addition, of: string, axis: number, keep = 1): string =>
  op("ReduceSum", [of, ints("axes", [axis])], [attr.int("keepdims", keep)]);

/** [N, C]: R_c / (1e-10 + Σ|R_c|) */
const sharesOf = (added: Addition, channels: string): string => {
  const { op, floats, ints } = added;
  const column = op("Gather", [channels, ints("column", [CHANNEL_COLUMNS.indexOf("relevance sum")])], [attr.int("axis", 2)]);
  const sums = op("Squeeze", [column, ints("last", [2])]);
  return op("Div", [sums, op("Add", [summed(added, op("Abs", [sums]), 1), floats("tiny", [], [1e-10])])]);
};

/** [N, K]: log(w_k N(x; m_k, C_k)). Distances are taken after the mean is, so that float32 is enough. */
const classDensity = (added: Addition, shares: string, { mixture, subspace }: ClassPrototypes): string => {
  const { op, floats, ints } = added;
  const [count, size] = [mixture.means.length, mixture.means[0]!.length];
  const centred = subspace && op("Sub", [shares, floats("mean", [1, subspace.mean.length], subspace.mean)]);
  const transposed = subspace && floats("axes", [subspace.mean.length, size], turned(subspace.axes));
  const along = centred === undefined ? shares : op("MatMul", [centred, transposed!]);
  const apart = op("Sub", [op("Unsqueeze", [along, ints("way", [1])]), floats("means", [count, size], mixture.means.flat())]);
  const factors = mixture.covariances.map((own) => whitening(own, size, mixture.covariance));
  const white =
    mixture.covariance === "diag"
      ? op("Mul", [
          apart,
          floats(
            "scales",
            [count, size],
            factors.flatMap(({ data }) => data),
          ),
        ])
      : op("MatMul", [
          op("Unsqueeze", [apart, ints("row", [2])]), // [N, K, 1, D]
          floats(
            "factors",
            [count, size, size],
            factors.flatMap(({ data }) => data),
          ),
        ]);
  const flat = mixture.covariance === "diag" ? white : op("Squeeze", [white, ints("row", [2])]);
  const distance = summed(added, op("Mul", [flat, flat]), 2, 0);
  const rest = subspace ? restConstant(subspace) : 0;
  const constants = factors.map(
    ({ logDeterminant: own }, k) => Math.log(mixture.weights[k]!) - 0.5 * (size * Math.log(2 * Math.PI) + own) + rest,
  );
  const density = op("Sub", [floats("constants", [1, count], constants), op("Mul", [distance, floats("half", [], [0.5])])]);
  if (subspace === undefined) return density;
  const left = op("Sub", [centred!, op("MatMul", [along, floats("back", [size, subspace.mean.length], subspace.axes.flat())])]);
  const scale = floats("rest", [], [1 / (2 * subspace.rest)]);
  return op("Sub", [density, op("Mul", [summed(added, op("Mul", [left, left]), 1), scale])]);
};

const turned = (rows: readonly (readonly number[])[]): readonly number[] =>
  rows[0]!.flatMap((_, d) => rows.map((row) => row[d]!));

/** W with |x W|² = xᵀ C⁻¹ x, of a diagonal its entries; and log |C|. */
const whitening = (own: readonly number[], size: number, covariance: "full" | "diag") => {
  if (covariance === "diag")
    return { data: own.map((v) => 1 / Math.sqrt(v)), logDeterminant: own.reduce((sum, v) => sum + Math.log(v), 0) };
  const l = cholesky(own, size)!; // the mixture was fitted with it
  const inverse = new Float64Array(size * size); // L⁻¹, by columns forward
  for (let c = 0; c < size; c++)
    for (let i = c; i < size; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = c; k < i; k++) sum -= l[i * size + k]! * inverse[k * size + c]!;
      inverse[i * size + c] = sum / l[i * size + i]!;
    }
  const data = Array.from(inverse, (_, at) => inverse[(at % size) * size + Math.floor(at / size)]!);
  return { data, logDeterminant: logDeterminant(l, size) };
};

/** [N, 1]. Axes are an input from opset 18 on. */
const logSumExp = ({ op, ints }: Addition, densities: string, version: number): string =>
  version >= 18
    ? op("ReduceLogSumExp", [densities, ints("ways", [1])], [attr.int("keepdims", 1)])
    : op("ReduceLogSumExp", [densities], [attr.ints("axes", [1]), attr.int("keepdims", 1)]);

/** [N, 1] */
const percentileOf = (added: Addition, likelihood: string, { likelihoods }: ClassPrototypes): string => {
  const { op, floats } = added;
  const count = likelihoods.length;
  if (count < LEAST_SAMPLES) return op("Mul", [likelihood, floats("few", [], [Number.NaN])]);
  const less = op("Less", [floats("own", [1, count], likelihoods), likelihood]);
  const number = summed(added, op("Cast", [less], [attr.int("to", DataType.FLOAT)]), 1);
  return op("Mul", [number, floats("percent", [], [100 / count])]);
};

interface Wanted {
  readonly index: readonly number[];
  readonly target: string;
}

/** [N]: the column of each row's own class; NaN where there is none. */
const chosen = (added: Addition, table: string, { index, target }: Wanted): string => {
  const { op, floats, ints } = added;
  const own = op("Equal", [op("Unsqueeze", [target, ints("column", [1])]), ints("classes", index)]);
  const taken = summed(added, op("Where", [own, table, floats("nothing", [], [0])]), 1, 0);
  const number = summed(added, op("Cast", [own], [attr.int("to", DataType.FLOAT)]), 1, 0);
  return op("Where", [op("Greater", [number, floats("none", [], [0.5])]), taken, floats("missing", [], [Number.NaN])]);
};
