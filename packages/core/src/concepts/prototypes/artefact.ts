/** Prototypes in an artefact: how likely each decision is for every class, and how ordinary for its own, as outputs. */
import { CHANNEL_COLUMNS } from "../../emit/index.ts";
import { fail } from "../../errors.ts";
import { type Addition, additionTo } from "../../onnx/addition.ts";
import { attr } from "../../onnx/attributes.ts";
import { DataType, type ModelProto, type ValueInfoProto } from "../../onnx/proto.ts";
import { classDensity, logSumExp, summed } from "./density-nodes.ts";
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

/** [N, C]: R_c / (1e-10 + Σ|R_c|) */
const sharesOf = (added: Addition, channels: string): string => {
  const { op, floats, ints } = added;
  const column = op("Gather", [channels, ints("column", [CHANNEL_COLUMNS.indexOf("relevance sum")])], [attr.int("axis", 2)]);
  const sums = op("Squeeze", [column, ints("last", [2])]);
  return op("Div", [sums, op("Add", [summed(added, op("Abs", [sums]), 1), floats("tiny", [], [1e-10])])]);
};

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
