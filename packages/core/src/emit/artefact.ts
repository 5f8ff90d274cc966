/**
 * The artefact: the canonical forward graph and the backward walk as one ordinary ONNX model. All inputs and outputs of the
 * original, and `relevance`, `explained_target`, and on request `relevance@value`, `ledger`, the inputs `target` and `seed`.
 */
import type { Canonical } from "../canonize/index.ts";
import { bodyOf } from "../canonize/rewrite.ts";
import { compiledMethods, flowOf } from "../compiled/index.ts";
import { fail } from "../errors.ts";
import { Builder } from "../graph/builder.ts";
import type { Facts } from "../graph/facts.ts";
import { type Graph, graphsOf } from "../graph/graph.ts";
import { renamed } from "../graph/names.ts";
import { DataType, type ModelProto, type NodeProto, type ValueInfoProto } from "../onnx/proto.ts";
import { clampedPart, difference } from "../ops/index.ts";
import { canonicalJson, type Plan } from "../plan/index.ts";
import { type ChannelsOf, channelAxes } from "./channel-axes.ts";
import { channelScores, scoresOutput } from "./channel-scores.ts";
import { Evidence } from "./evidence.ts";
import { type Flow, multiplied, pair } from "./flow.ts";
import { COLUMNS, type LedgerRow, LedgerWriter } from "./ledger.ts";
import { logitsOf } from "./logits.ts";
import { type MaskOf, maskInputs } from "./mask-inputs.ts";
import { Ports } from "./ports.ts";
import { neededNodes, neededTensors } from "./prune.ts";
import { type Quantised, quantisedBeside } from "./quantised.ts";
import type { Reference } from "./reference.ts";
import { referenceOf } from "./reference-input.ts";
import { type Along, type Layouts, layoutsOf } from "./samples.ts";
import { Spoiler } from "./spoil.ts";
import { rankedBy, startOf } from "./start.ts";
import type { Target } from "./target.ts";
import { Totals } from "./totals.ts";
import { walk } from "./walk.ts";

export interface EmitOptions {
  readonly target?: Target;
  /** Values whose relevance is an output too, as `relevance@<value>`. */
  readonly layers?: readonly string[];
  readonly ledger?: boolean;
  /** With start \`direct\`: how much evidence there is at the head, as an output. With a reference: the scores between which the explained difference lies. */
  readonly evidence?: boolean;
  /** Class to contrast with, for seed `{ contrast }` (its label already looked up). */
  readonly contrast?: number;
  /** Values whose relevance is multiplied by an input, `mask@<value>`. */
  readonly masks?: readonly MaskOf[];
  /** What goes past a masked value is dropped. */
  readonly only?: boolean;
  /** Values whose channels' scores are outputs: `channels@<value>`, `positions@<value>`. */
  readonly channels?: readonly ChannelsOf[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** The quantised model whose floats are explained: its outputs are the artefact's. */
  readonly quantised?: ModelProto;
}

/** Names of what the artefact adds; suffixed where the model already had such a name. */
export interface ArtefactNames {
  /** By explained value. */
  readonly relevance: Readonly<Record<string, string>>;
  readonly layers: Readonly<Record<string, string>>;
  readonly target: string;
  /** Inputs for masks, by value. */
  readonly masks?: Readonly<Record<string, string>>;
  /** By value: float32 [N(, K), C, 4], `CHANNEL_COLUMNS`. */
  readonly channels?: Readonly<Record<string, string>>;
  /** By value: int64 [N(, K), C, 2], `POSITION_COLUMNS`. */
  readonly positions?: Readonly<Record<string, string>>;
  readonly ledger?: string;
  /** float32 [N(, K), 2]: E = Σ|R| and ΣR as relevance leaves the head. */
  readonly evidence?: string;
  /** Of DeepLIFT: float32 [N(, K), 2], the explained score at the input and at the reference. */
  readonly scores?: string;
  readonly targetInput?: string;
  /** Of a quantised model: what its floats make of the explained output. */
  readonly float?: string;
  readonly seedInput?: string;
  /** Inputs for DeepLIFT's references, by explained value. */
  readonly references?: Readonly<Record<string, string>>;
}

export interface Artefact {
  readonly model: ModelProto;
  readonly names: ArtefactNames;
  readonly ledgerRows: readonly LedgerRow[];
  /** With a ledger: where the samples lie in the explained values; one that is missing belongs to the whole batch. */
  readonly samples: ReadonlyMap<string, Along>;
}

/** Keys of an artefact's metadata begin with this. */
export const METADATA = "backlit.";
const IR = { least: 8, most: 9 };

/**
 * Writes the backward pass into the graph: the single walk from the start to what is explained, seeds, targets, ledger. `plan` is
 * a plan of the same canonical graph. Errors: BadModel for an artefact; BadTarget; BadRecipe for what cannot be asked together.
 */
export const emitArtefact = (
  source: ModelProto,
  { graph, facts, carrier }: Canonical,
  plan: Plan,
  options: EmitOptions = {},
): Artefact => {
  if (source.metadataProps.some(({ key }) => key.startsWith(METADATA)))
    throw fail("BadModel", { what: "this model is an artefact of backlit already", fix: "compile the original model" });
  if (options.ledger && flowOf(plan.recipe) !== "relevance")
    throw fail("BadRecipe", {
      what: `a ledger of method '${plan.recipe.method}'`,
      why: "only relevance is handed on in amounts that add up",
      fix: "leave the ledger out, or take an LRP method",
    });
  const taken = [...valuesIn(graph), ...nodesIn(graph).map((node) => node.name)]; // nodes of one name are refused
  const exact = options.quantised && quantisedBeside(options.quantised, graph, taken);
  const g = new Builder(facts, [...taken, ...(exact?.nodes.flatMap((node) => [...node.output, node.name]) ?? [])]);
  const forward: NodeProto[] = graph.nodes.flatMap((node) => bodyOf(node).map(plain));
  g.know(forward);
  for (const name of plan.unbounded) g.unbounded.add(name);
  const ports = new Ports(g, valuesIn(graph));

  const difference = flowOf(plan.recipe) === "difference" ? referenceOf(ports, plan, graph) : undefined;
  const at = (value: string) => logitsOf(g, plan, difference === undefined ? value : clampedPart(g, value));
  const twin = difference && at(difference.reference.of(plan.start)).flat;
  const logits = { ...at(plan.start), ...(twin !== undefined && { twin }) };
  const start = startOf(ports, logits, plan, { ...options, ranked: exact && rankedBy(g, plan, exact) });
  const watched = [...new Set(options.layers ?? [])];
  const { masks = [], channels = [] } = options;
  for (const name of [...watched, ...[...masks, ...channels].map(({ value }) => value)])
    if (facts.shape(carrier(name)) === undefined)
      throw fail("BadRecipe", { what: `no value '${name}'`, fix: "inspect lists the values of the graph" });
  for (const { value } of [...masks, ...channels])
    if (facts.isConstant(carrier(value)))
      throw fail("BadRecipe", { what: `'${value}' is a constant`, fix: "name a value that depends on the input" });
  if (options.only && masks.length === 0)
    throw fail("BadRecipe", { what: "only without a mask", fix: "name the value whose relevance is kept: --mask VALUE" });
  if (masks.length > 0 && difference !== undefined)
    throw fail("BadRecipe", {
      what: `a mask with method '${plan.recipe.method}'`,
      why: "it hands differences on, not relevance",
      fix: "take an LRP method or a gradient",
    });
  const masked = maskInputs(ports, masks, { facts, samples: plan.samples, carrier });

  const direct = plan.recipe.start === "direct";
  const gathered: string[] = [];
  const writers: LedgerWriter[] = [];
  const layouts = layoutsOf(graph, facts, plan);
  const walks = start.seeds.map((seed, k) => {
    const writer = options.ledger ? new LedgerWriter(g, logits.flat, layouts) : undefined;
    if (writer) writers.push(writer);
    const evidence = options.evidence && direct ? new Evidence(g, plan, new Totals(g, logits.flat, layouts)) : undefined;
    const entered = (value: string, v: string): void => {
      writer?.entered(value, v);
      evidence?.entered(value);
    };
    const at = walk(g, plan, seed, {
      visit: writer?.visit,
      reference: difference?.reference,
      entered,
      onehot: start.turned?.[k],
      masks: masks.length > 0 ? { factors: masked.factors, only: options.only === true } : undefined,
      masked: (one) => {
        writer?.masked(one);
        evidence?.masked(one);
      },
    });
    if (evidence) gathered.push(evidence.finish(at));
    return at;
  });

  const top = start.chosen !== undefined && options.target !== undefined ? mapsOf(options.target) : [];
  /** One map after another, or with several classes all of them along a further axis. */
  const stacked = (parts: readonly string[], axis: number): string =>
    top.length === 0
      ? parts[0]!
      : g.op(
          "Concat",
          parts.map((part) => g.op("Unsqueeze", [part, g.ints([axis])])),
          { axis },
        );
  const spoiler = new Spoiler(g, plan.samples, layouts);
  const mapOf = (port: string, name: string): string => {
    const shape = facts.shapeOf(name);
    const axis = mapsAxis(plan, name);
    const maps = walks.map((at, k) => spoiler.at(relevanceAt(g, at, name, plan, difference?.reference), name, start.poisons[k]));
    return ports.output(port, stacked(maps, axis), DataType.FLOAT, [...shape.slice(0, axis), ...top, ...shape.slice(axis)]);
  };
  /** Of what has a row for each sample: the ledger, the evidence. */
  const rowsOf = (parts: readonly string[], rank: number): string =>
    stacked(
      parts.map((part, k) => spoiler.along(part, start.poisons[k], { axis: 0, rank })),
      1,
    );
  const several = plan.explained.length > 1;
  const relevance = Object.fromEntries(
    plan.explained.map((name) => [name, mapOf(several ? `relevance:${name}` : "relevance", name)]),
  );
  const layers = Object.fromEntries(watched.map((name) => [name, mapOf(`relevance@${name}`, carrier(name))]));
  const scored = channels.map((of) => {
    const name = carrier(of.value);
    const at = channelAxes(of, { name, facts, samples: plan.samples });
    const found = walks.map((walked) => channelScores(g, at, relevanceAt(g, walked, name, plan, difference?.reference), name));
    const dims = [null, ...top, facts.shapeOf(name)[at.channels] ?? null];
    const scores = rowsOf(
      found.map((one) => one.scores),
      3,
    );
    return scoresOutput(ports, of.value, dims, {
      scores,
      positions: stacked(
        found.map((one) => one.positions),
        1,
      ),
    });
  });
  const axes = start.chosen !== undefined && logits.axes.length > 1 ? [logits.axes.length] : [];
  const target = start.explained
    ? ports.output("explained_target", start.explained, DataType.INT64, [null, ...top, ...axes])
    : "";
  const rows = writers[0]?.rows ?? [];
  const ledger =
    writers.length > 0 &&
    ports.output(
      "ledger",
      rowsOf(
        writers.map((w) => w.finish()),
        3,
      ),
      DataType.FLOAT,
      [null, ...top, rows.length, COLUMNS.length],
    );

  const evidence = gathered.length > 0 && ports.output("evidence", rowsOf(gathered, 2), DataType.FLOAT, [null, ...top, 2]);

  const known = start.scores.filter((one) => one !== undefined);
  const scores =
    options.evidence && known.length > 0 && ports.output("scores", rowsOf(known, 2), DataType.FLOAT, [null, ...top, 2]);

  const names: ArtefactNames = {
    relevance,
    layers,
    target,
    ...(masks.length > 0 && { masks: masked.inputs }),
    ...(scored.length > 0 && {
      channels: Object.fromEntries(scored.map(({ value, scores }) => [value, scores])),
      positions: Object.fromEntries(scored.map(({ value, positions }) => [value, positions])),
    }),
    ...(ledger && { ledger }),
    ...(evidence && { evidence }),
    ...(scores && { scores }),
    ...(start.chosen?.input && { targetInput: start.chosen.input.name }),
    ...(start.seedInput && { seedInput: start.seedInput }),
    ...(exact && options.evidence && { float: exact.floatOf(plan.output) }),
    ...(difference && Object.keys(difference.inputs).length > 0 && { references: difference.inputs }),
  };
  const metadata = {
    ...options.metadata,
    "backlit.recipe": canonicalJson(plan.recipe),
    "backlit.names": canonicalJson(names),
    ...(rows.length > 0 && { "backlit.ledger": JSON.stringify(rows) }),
  };
  const nodes = exact
    ? withQuantised([...forward, ...g.nodes], exact, [...ports.outputs, ...graph.outputs, { name: names.float ?? "" }])
    : [...forward, ...neededNodes(g.nodes, ports.outputs)];
  const tensors = [...graph.initializers.values(), ...g.constants, ...(exact?.initializers ?? [])];
  const opsets = new Map([...(exact?.opsets ?? []), ...graph.opsets]);
  const model: ModelProto = {
    ...source,
    irVersion: Math.max(IR.least, source.irVersion > IR.most ? source.irVersion : Math.min(source.irVersion, IR.most)),
    opsetImport: [...opsets].map(([domain, version]) => ({ domain, version })),
    metadataProps: [...source.metadataProps, ...Object.entries(metadata).map(([key, value]) => ({ key, value }))],
    graph: {
      ...source.graph,
      node: nodes,
      initializer: neededTensors(tensors, nodes, graph.outputs),
      input: [...graph.inputs, ...ports.inputs],
      output: [...graph.outputs.map((output) => believed(output, facts)), ...ports.outputs],
      valueInfo: [],
    },
  };
  return { model, names, ledgerRows: rows, samples: options.ledger ? apartIn(writers, layouts, plan.explained) : new Map() };
};

/** Both models' nodes, what no output needs left out. */
const withQuantised = (floats: readonly NodeProto[], exact: Quantised, outputs: readonly ValueInfoProto[]): NodeProto[] => {
  const now = (name: string) => exact.moved.get(name) ?? name;
  return neededNodes(
    [...exact.nodes, ...floats].map((node) => renamed(node, now)),
    outputs,
  );
};

/** Where samples lie in the explained values, as far as they are known apart. */
const apartIn = (writers: readonly LedgerWriter[], { of }: Layouts, explained: readonly string[]): ReadonlyMap<string, Along> =>
  new Map(
    explained.flatMap((name) => {
      const along = writers.every((writer) => writer.apart(name)) ? of.get(name) : undefined;
      return along === undefined ? [] : [[name, along] as const];
    }),
  );

/** Some files declare another rank than their output has; the runtime would take it at its word in what is added here. */
const believed = (output: ValueInfoProto, facts: Facts): ValueInfoProto => {
  const declared = output.type?.tensorType;
  const traced = facts.shape(output.name);
  if (declared?.shape === undefined || traced === undefined || traced.length === declared.shape.length) return output;
  return { ...output, type: { ...output.type, tensorType: { elemType: declared.elemType } } };
};

/** All nodes, those of units and subgraphs too. */
const nodesIn = (graph: Graph): readonly NodeProto[] => {
  const inside = (node: NodeProto): readonly NodeProto[] => [node, ...graphsOf(node).flatMap((g) => g.node.flatMap(inside))];
  return graph.nodes.flatMap((node) => [node, ...(node.body ?? [])].flatMap(inside));
};

const valuesIn = (graph: Graph): readonly string[] => [
  ...nodesIn(graph).flatMap((node) => [
    ...node.output,
    ...graphsOf(node).flatMap(({ input, initializer }) => [...input, ...initializer].map((v) => v.name)),
  ]),
  ...graph.initializers.keys(),
  ...graph.inputs.map((input) => input.name),
];

/** The axis along which the maps of several classes stand: behind that of the samples, in front where all is one sample. */
export const mapsAxis = ({ samples }: Pick<Plan, "samples">, value: string): number =>
  1 + (samples.of(value) ?? (samples.independent ? 0 : -1));

/** K, where a target is several classes. */
const mapsOf = (target: Target): readonly number[] =>
  target.kind === "top" ? [target.k] : target.kind === "list" ? [target.index.length] : [];

const relevanceAt = (
  g: Builder,
  at: ReadonlyMap<string, Flow>,
  name: string,
  { recipe, steps }: Plan,
  reference: Reference | undefined,
): string => {
  const onPath = (value: string) => steps.some(({ node }) => node.input.includes(value));
  const flow = at.get(name);
  // On the path, but every way to it is held fixed.
  if (flow === undefined && onPath(name)) return g.mul(name, g.floats(0));
  if (flow === undefined)
    throw fail("BadRecipe", {
      what: `no relevance reaches '${name}'`,
      fix: "the output does not depend on it along a path that carries relevance",
    });
  if (reference !== undefined) return g.mul(multiplied(g, flow), difference(g, name, reference.of(name)));
  const map = multiplied(g, flow);
  const times = compiledMethods[recipe.method]!.times?.(recipe.params) ?? "nothing";
  return times === "nothing" ? map : multiplied(g, pair(times === "input" ? name : map, map));
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
