/** What is explained, from which output, and the nodes between. */
import { flowOf } from "../compiled/index.ts";
import { fail } from "../errors.ts";
import { between } from "../graph/between.ts";
import type { Facts } from "../graph/facts.ts";
import { type Graph, type GraphNode, valuesRead } from "../graph/graph.ts";
import { producersOf } from "../graph/producers.ts";
import { isFloat } from "../reading/element-kinds.ts";
import { type OutputReading, type Reading, readOutput, type SamplesReading } from "../reading/index.ts";
import { type Chosen, chooseInputs } from "./explained.ts";
import type { ResolvedRecipe } from "./recipe.ts";

export interface Path extends Chosen {
  /** The graph's output that is explained. */
  readonly output: string;
  /** The value relevance starts from: the output, or the logits before its trailing softmax or sigmoid. */
  readonly start: string;
  /** What the output's numbers mean, and what it makes of the logits: cut here, and differentiated when the score is a probability. */
  readonly reading: OutputReading;
  /** The axis of `start` that counts samples; undefined where there is none: one sample. */
  readonly batchAxis: number | undefined;
  /** Whether rows are samples, and where they lie in any value. */
  readonly samples: SamplesReading;
  /** Nodes between, in topological order. */
  readonly nodes: readonly GraphNode[];
  readonly notices: readonly string[];
}

/**
 * Finds what is explained, from which output, and the nodes between. Errors: BadRecipe for names that do not exist or do not fit,
 * and where several values could be meant; BadModel without a float output.
 */
export const findPath = (graph: Graph, facts: Facts, recipe: ResolvedRecipe, reading: Reading): Path => {
  const notices: string[] = [];
  const producer = producersOf(graph.nodes);
  const output = chooseOutput(graph, producer, recipe, notices);
  const { explained, along, fixed, takes } = chooseInputs(graph, facts, producer, recipe, output);
  const samplesAt = (start: string) => reading.samples({ explained, output, start });
  // A vector given as seed is the relevance of the output itself.
  const read = readOutput(
    graph,
    facts,
    {
      output,
      batchAxis: (start) => samplesAt(start).batchAxis,
      rolesOf: (value) => reading.axes.of(value),
      uncut: recipe.seed === "vector",
    },
    reading.said,
  );
  const { start, cut } = read.link;
  if (cut !== undefined)
    notices.push(
      `the trailing ${cut} is cut: ${recipe.score !== "probability" ? "the logit before it is explained" : `its probability is explained through its ${flowOf(recipe) === "difference" ? "differences" : "derivative"}`}`,
    );
  const nodes = between(graph, explained, start);
  if (along.length > 0)
    notices.push(
      `${along.join(", ")} ${along.length > 1 ? "stay" : "stays"} as given: only ${explained.join(", ")} is explained, as asked`,
    );
  for (const name of explained)
    if (name !== start && !nodes.some((node) => valuesRead(node).includes(name)))
      throw fail("BadRecipe", {
        what: `the output does not depend on '${name}'`,
        where: `output '${output}'`,
        fix: "name another value with --explain",
      });
  const samples = samplesAt(start);
  if (samples.notice !== undefined) notices.unshift(samples.notice);
  return { output, start, reading: read, batchAxis: samples.batchAxis, samples, explained, along, nodes, fixed, takes, notices };
};

const chooseOutput = (
  graph: Graph,
  producer: ReadonlyMap<string, GraphNode>,
  recipe: ResolvedRecipe,
  notices: string[],
): string => {
  const names = graph.outputs.map((output) => output.name);
  // scikit-learn's probabilities come as one map a sample (ZipMap): the tensor those are made of is explained.
  const tensorOf = (name: string): string => {
    const node = producer.get(name);
    return node?.opType === "ZipMap" ? node.input[0]! : name;
  };
  if (recipe.output !== undefined) {
    if (producer.has(recipe.output) || names.includes(recipe.output)) return tensorOf(recipe.output);
    throw fail("BadRecipe", { what: `no value '${recipe.output}' to explain`, fix: `outputs: ${names.join(", ")}` });
  }
  const float = graph.outputs.filter((output) => isFloat(output) || tensorOf(output.name) !== output.name);
  if (float.length === 0)
    throw fail("BadModel", {
      what: "the model has no float output to explain",
      why: `its outputs are ${names.join(", ")}`,
      fix: "name a value with --output",
    });
  if (float.length > 1) notices.push(`the model has several outputs; '${float[0]!.name}' is explained (--output names another)`);
  return tensorOf(float[0]!.name);
};
