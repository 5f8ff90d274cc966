/**
 * The artefact: the canonical forward graph and the backward walk as one ordinary ONNX model. All inputs and outputs of the
 * original, and `relevance`, `explained_target`, and on request `relevance@value`, `ledger`, the inputs `target` and `seed`.
 */
import type { Canonical } from "../canonize/index.ts";
import { bodyOf } from "../canonize/rewrite.ts";
import { fail } from "../errors.ts";
import { Builder } from "../graph/builder.ts";
import type { Shape } from "../graph/facts.ts";
import { DataType, type ModelProto, type NodeProto, type TensorProto, type ValueInfoProto } from "../onnx/proto.ts";
import { canonicalJson, type Plan, type ResolvedRecipe } from "../plan/index.ts";
import { type Flow, full, multiplied, pair } from "./flow.ts";
import { type LedgerRow, LedgerWriter } from "./ledger.ts";
import { seedFlow } from "./seed.ts";
import { chooseTarget, logitsOf, type Target } from "./target.ts";
import { walk } from "./walk.ts";

export interface EmitOptions {
  readonly target?: Target;
  /** Values whose relevance is an output too, as `relevance@<value>`. */
  readonly layers?: readonly string[];
  readonly ledger?: boolean;
  /** Class to contrast with, for seed `{ contrast }` (its label already looked up). */
  readonly contrast?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Names of what the artefact adds; suffixed where the model already had such a name. */
export interface ArtefactNames {
  /** By explained value. */
  readonly relevance: Readonly<Record<string, string>>;
  readonly layers: Readonly<Record<string, string>>;
  readonly target: string;
  readonly ledger?: string;
  readonly targetInput?: string;
  readonly seedInput?: string;
}

export interface Artefact {
  readonly model: ModelProto;
  readonly names: ArtefactNames;
  readonly ledgerRows: readonly LedgerRow[];
}

export const METADATA = "backlit.";
const IR = { least: 8, most: 9 };

export const emitArtefact = (
  source: ModelProto,
  { graph, facts }: Canonical,
  plan: Plan,
  options: EmitOptions = {},
): Artefact => {
  if (source.metadataProps.some(({ key }) => key.startsWith(METADATA)))
    throw fail("BadModel", { what: "this model is an artefact of backlit already", fix: "compile the original model" });
  if (options.ledger && plan.recipe.method !== "lrp")
    throw fail("BadRecipe", {
      what: `a ledger of method '${plan.recipe.method}'`,
      why: "only relevance is handed on in amounts that add up",
      fix: "leave the ledger out, or take an LRP method",
    });
  const taken = new Set([
    ...graph.nodes.flatMap((node) => [...node.output, ...(node.body ?? []).flatMap((inner) => inner.output)]),
    ...graph.initializers.keys(),
    ...graph.inputs.map((input) => input.name),
  ]);
  const claim = (name: string): string => {
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name}_${n}`;
    taken.add(free);
    return free;
  };
  const g = new Builder(facts, taken);
  const forward: NodeProto[] = graph.nodes.flatMap((node) => bodyOf(node).map(plain));
  g.know(forward);

  const logits = logitsOf(g, plan.start);
  const inputs: ValueInfoProto[] = [];
  const outputs: ValueInfoProto[] = [];
  const recipe = plan.recipe;
  const chosen = recipe.seed === "vector" ? undefined : chooseTarget(g, options.target ?? { kind: "argmax" }, logits, claim);
  if (chosen?.input) inputs.push(valueInfo(chosen.input.name, DataType.INT64, chosen.input.dims));
  let seedInput: string | undefined;
  const seeds = ((): readonly Flow[] => {
    if (chosen === undefined) {
      seedInput = claim("seed");
      inputs.push(valueInfo(seedInput, DataType.FLOAT, facts.shapeOf(plan.start)));
      return [full(seedInput)];
    }
    const against = contrastClass(recipe, options);
    const contrast = against === undefined || logits.binary ? undefined : oneHot(g, against, logits.classes);
    return chosen.onehots.map((onehot) => seedFlow(g, recipe, logits, onehot, contrast));
  })();

  const watched = [...new Set(options.layers ?? [])];
  const wanted = [...plan.explained, ...watched];
  const known = new Set([...wanted.filter((name) => facts.shape(name) !== undefined)]);
  for (const name of watched)
    if (!known.has(name)) throw fail("BadRecipe", { what: `no value '${name}'`, fix: "inspect lists the values of the graph" });
  const found = new Map<string, string[]>(wanted.map((name) => [name, []]));
  const ledgers: LedgerWriter[] = [];
  for (const seed of seeds) {
    const writer = options.ledger ? new LedgerWriter(g, logits.flat) : undefined;
    if (writer) ledgers.push(writer);
    const at = walk(g, plan, seed, writer?.visit);
    for (const name of wanted) found.get(name)!.push(relevanceAt(g, at, name, recipe));
  }
  const top = chosen !== undefined && options.target?.kind === "top" ? [options.target.k] : [];
  const stacked = (parts: readonly string[]): string =>
    top.length === 0
      ? parts[0]!
      : g.op(
          "Concat",
          parts.map((part) => g.op("Unsqueeze", [part, g.ints([1])])),
          { axis: 1 },
        );
  const emitAs = (name: string, value: string, type: number, dims: Shape): string => {
    const claimed = claim(name);
    g.nodes.push({ opType: "Identity", domain: "", name: claimed, input: [value], output: [claimed], attribute: [] });
    outputs.push(valueInfo(claimed, type, dims));
    return claimed;
  };
  const withTop = (name: string): Shape => {
    const [batch = null, ...rest] = facts.shapeOf(name);
    return [batch, ...top, ...rest];
  };
  const relevance = Object.fromEntries(
    plan.explained.map((name) => [
      name,
      emitAs(
        plan.explained.length > 1 ? `relevance:${name}` : "relevance",
        stacked(found.get(name)!),
        DataType.FLOAT,
        withTop(name),
      ),
    ]),
  );
  const layers = Object.fromEntries(
    watched.map((name) => [name, emitAs(`relevance@${name}`, stacked(found.get(name)!), DataType.FLOAT, withTop(name))]),
  );
  const targetDims = [null, ...top, ...(logits.axes.length > 1 ? [logits.axes.length] : [])];
  const target = chosen === undefined ? "" : emitAs("explained_target", chosen.explained, DataType.INT64, targetDims);
  const rows = ledgers[0]?.rows ?? [];
  const ledger =
    ledgers.length === 0
      ? undefined
      : emitAs("ledger", stacked(ledgers.map((writer) => writer.finish())), DataType.FLOAT, [null, ...top, rows.length, 9]);

  const names: ArtefactNames = {
    relevance,
    layers,
    target,
    ...(ledger && { ledger }),
    ...(chosen?.input && { targetInput: chosen.input.name }),
    ...(seedInput && { seedInput }),
  };
  const nodes = [...forward, ...needed(g.nodes, outputs)];
  const metadata: Record<string, string> = {
    ...options.metadata,
    "backlit.recipe": canonicalJson(recipe),
    "backlit.names": canonicalJson(names),
    ...(rows.length > 0 && { "backlit.ledger": JSON.stringify(rows) }),
  };
  const model: ModelProto = {
    ...source,
    irVersion: Math.max(IR.least, source.irVersion > IR.most ? source.irVersion : Math.min(source.irVersion, IR.most)),
    opsetImport: [...graph.opsets].map(([domain, version]) => ({ domain, version })),
    metadataProps: [...source.metadataProps, ...Object.entries(metadata).map(([key, value]) => ({ key, value }))],
    graph: {
      ...source.graph,
      node: nodes,
      initializer: used([...graph.initializers.values(), ...g.constants], nodes, graph.outputs),
      input: [...graph.inputs, ...inputs],
      output: [...graph.outputs, ...outputs],
      valueInfo: [],
    },
  };
  return { model, names, ledgerRows: rows };
};

const relevanceAt = (g: Builder, at: ReadonlyMap<string, Flow>, name: string, recipe: ResolvedRecipe): string => {
  const flow = at.get(name);
  if (flow === undefined)
    throw fail("BadRecipe", {
      what: `no relevance reaches '${name}'`,
      fix: "the output does not depend on it along a path that carries relevance",
    });
  return multiplied(g, recipe.method === "gradient-x-input" ? pair(name, multiplied(g, flow)) : flow);
};

const plain = ({ opType, domain, name, input, output, attribute, ...rest }: NodeProto): NodeProto => ({
  opType,
  domain,
  name,
  input,
  output,
  attribute,
  ...(rest.docString && { docString: rest.docString }),
  ...(rest.overload && { overload: rest.overload }),
  ...(rest.unknown && { unknown: rest.unknown }),
});

const valueInfo = (name: string, elemType: number, shape: Shape): ValueInfoProto => ({
  name,
  type: { tensorType: { elemType, shape: shape.map((d) => (d === null ? {} : { value: d })) } },
});

/** The class of seed `{ contrast }`. */
const contrastClass = ({ seed }: ResolvedRecipe, { contrast }: EmitOptions): number | undefined => {
  if (typeof seed !== "object") return undefined;
  const index = contrast ?? seed.contrast;
  if (typeof index === "number") return index;
  throw fail("BadTarget", {
    what: `class '${index}' to contrast with`,
    why: "no names of classes are known here",
    fix: "give its index",
  });
};

const oneHot = (g: Builder, index: number, classes: number | null): string => {
  if (classes !== null && (index < 0 || index >= classes))
    throw fail("BadTarget", { what: `class ${index} to contrast with`, why: `classes run from 0 to ${classes - 1}` });
  return g.op("OneHot", [g.ints([index]), g.ints(classes ?? index + 1), g.floats([0, 1])], { axis: -1 });
};

/** Nodes some output depends on: rules may ask for values that nothing reads in the end. */
const needed = (nodes: readonly NodeProto[], outputs: readonly ValueInfoProto[]): NodeProto[] => {
  const read = new Set(outputs.map((output) => output.name));
  const kept: NodeProto[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.output.some((name) => read.has(name))) continue;
    kept.push(node);
    for (const name of node.input) read.add(name);
  }
  return kept.reverse();
};

const used = (
  tensors: readonly TensorProto[],
  nodes: readonly NodeProto[],
  outputs: readonly ValueInfoProto[],
): TensorProto[] => {
  const read = new Set(outputs.map((output) => output.name));
  const note = (list: readonly NodeProto[]): void => {
    for (const node of list) {
      for (const name of node.input) read.add(name);
      for (const attribute of node.attribute)
        for (const inner of [...(attribute.g ? [attribute.g] : []), ...(attribute.graphs ?? [])]) {
          note(inner.node);
          for (const output of inner.output) read.add(output.name);
        }
    }
  };
  note(nodes);
  return tensors.filter((tensor) => read.has(tensor.name));
};
