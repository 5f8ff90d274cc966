/**
 * What is explained when nobody says: the float inputs. A model that takes integers is explained at the first float value looked up
 * by them (a row of a table for each token, a one-hot for each byte); masks, positions and token types are held fixed.
 */
import { fail } from "../errors.ts";
import { type Facts, sizeOf } from "../graph/facts.ts";
import { type Graph, type GraphNode, opName, valuesRead } from "../graph/graph.ts";
import { DataType, type ValueInfoProto } from "../onnx/proto.ts";
import { between } from "./between.ts";
import type { Path } from "./path.ts";
import type { ResolvedRecipe } from "./recipe.ts";

const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16];
/** A tensor of floats; one whose type is not said may be. */
export const isFloat = ({ type }: ValueInfoProto): boolean =>
  type === undefined || FLOATS.includes(type.tensorType?.elemType ?? DataType.UNDEFINED);

export const chooseInputs = (
  graph: Graph,
  facts: Facts,
  producer: ReadonlyMap<string, GraphNode>,
  recipe: ResolvedRecipe,
  start: string,
): Pick<Path, "explained" | "fixed"> => {
  const inputs = graph.inputs.map((input) => input.name);
  if (recipe.explain !== undefined) {
    for (const name of recipe.explain) {
      if (!inputs.includes(name) && !producer.has(name))
        throw fail("BadRecipe", {
          what: `no value '${name}' to explain`,
          fix: `inputs: ${inputs.join(", ")}; or a value inside the graph (inspect lists them)`,
        });
      if (facts.isConstant(name))
        throw fail("BadRecipe", { what: `'${name}' is a constant`, fix: "name a value that depends on the input" });
    }
    return { explained: recipe.explain, fixed: inputs.filter((name) => !recipe.explain!.includes(name)) };
  }
  const nodes = between(graph, inputs, start);
  const reached = new Set([start, ...nodes.flatMap(valuesRead)]);
  const floats = graph.inputs.filter((input) => isFloat(input) && reached.has(input.name)).map((input) => input.name);
  const explained = floats.length > 0 ? floats : lookedUp(nodes, inputs, facts);
  return { explained, fixed: inputs.filter((name) => !explained.includes(name)) };
};

const MOVES = new Set([
  "Identity",
  "Cast",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Transpose",
  "Slice",
  "Gather",
  "Split",
  "Clip",
  "Expand",
  "Tile",
]);
/** Inputs that say where or of what kind, not what. */
const ASIDE = /mask|type|segment|position|length/i;

/** The float values that inputs are turned into, value by value: by a table or a one-hot (OneHot, or Equal with all classes), else by a plain cast. */
const lookedUp = (nodes: readonly GraphNode[], inputs: readonly string[], facts: Facts): readonly string[] => {
  const origin = new Map(inputs.map((name) => [name, name])); // moved values → the input they are
  const lookups: { value: string; input: string }[] = [];
  const casts: typeof lookups = [];
  const onehots = new Map<string, string>(); // of bools → the input they are
  for (const node of nodes) {
    const [a, b] = node.input as [string, string?];
    const looked = opName(node) === "OneHot" ? a : opName(node) === "Gather" && facts.isConstant(a) ? b : undefined;
    const value = node.output[0]!;
    const compared = opName(node) === "Equal" ? [a, b!].find((name) => origin.has(name)) : undefined;
    if (compared !== undefined && isList(compared === a ? b! : a, facts)) onehots.set(value, origin.get(compared)!);
    const onehot = opName(node) === "Cast" && toFloat(node) ? onehots.get(a) : undefined;
    const input = onehot ?? origin.get(looked ?? a);
    if (input === undefined) continue;
    if (looked !== undefined || onehot !== undefined) lookups.push({ value, input });
    else if (opName(node) === "Cast" && toFloat(node)) casts.push({ value, input });
    else if (MOVES.has(opName(node))) for (const name of node.output) origin.set(name, input);
  }
  const named = (found: typeof lookups) => {
    const main = found.filter(({ input }) => !ASIDE.test(input));
    return (main.length > 0 ? main : found).map(({ value }) => value);
  };
  const found = lookups.length > 0 ? named(lookups) : named(casts);
  if (found.length === 1) return found;
  if (found.length === 0)
    throw fail("Unsupported", {
      what: "the model has no float input to explain",
      why: `its inputs are ${inputs.join(", ")}, and no float value is looked up by them`,
      fix: "name the float value to explain with --explain",
    });
  throw fail("BadRecipe", {
    what: `${found.length} values are looked up by the inputs`,
    why: found.join(", "),
    fix: "name the one to explain with --explain",
  });
};

/** A constant of several numbers: all classes, not the one that pads. */
const isList = (name: string, facts: Facts): boolean => facts.isConstant(name) && sizeOf(facts.shape(name) ?? []) !== 1;

const toFloat = (node: GraphNode): boolean => FLOATS.includes(Number(node.attribute.find(({ name }) => name === "to")?.i ?? 0));
