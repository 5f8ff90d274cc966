/** The compiler: a model and a recipe in, an explaining model out. */

import { type Canonical, canonize } from "../canonize/index.ts";
import { flowOf } from "../compiled/index.ts";
import type { Traits } from "../composites/index.ts";
import { type Artefact, emitArtefact } from "../emit/index.ts";
import type { TraceFacts } from "../graph/facts.ts";
import { type Graph, graphOf } from "../graph/graph.ts";
import { withDeclaredTypes } from "../lower/half/types.ts";
import { type PrepareOptions, prepare } from "../lower/prepare.ts";
import type { ModelProto } from "../onnx/proto.ts";
import { makePlan, type Plan, type Recipe, resolve, traitsOf } from "../plan/index.ts";
import { type Reading, type ReadingOptions, readModel } from "../reading/index.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { CompileOptions, PlanOptions } from "./options.ts";
import { checkCompile } from "./options.ts";

export interface Planned {
  /** What the model's axes mean, and which of its rows are samples. */
  readonly reading: Reading;
  readonly canonical: Canonical;
  readonly plan: Plan;
  readonly notices: readonly string[];
}

/** Canonical graph and plan of a prepared model (`prepare`). Pure: no session is created. */
export const planModel = (
  model: ModelProto,
  facts: TraceFacts,
  recipe: Recipe = {},
  { box, asked: byName, layers = [], reading: said }: PlanOptions = {},
): Planned => {
  const graph = graphOf(model);
  const reading = readingOf(model, graph, facts, said);
  const { recipe: resolved, notices } = resolve(recipe, {
    ...traitsIn(model, facts, { ...(box && { box }), ...(said && { reading: said }) }),
    ...(box && { box }),
    ...(byName && { asked: true }),
  });
  const relevance = flowOf(resolved) === "relevance";
  const units = relevance && resolved.activation === "pass";
  const asked = [...(resolved.explain ?? []), ...(resolved.output === undefined ? [] : [resolved.output]), ...layers];
  // A gradient at a value is one at that very value; relevance passes through what is merged.
  const keep = new Set(relevance ? [] : asked);
  const canonical = canonize(graph, facts, { batchnorm: resolved.params.batchnorm, units, keep });
  const { carrier } = canonical;
  const explain = resolved.explain?.map(carrier);
  const made = makePlan(canonical.graph, canonical.facts, { ...resolved, ...(explain && { explain }) }, reading);
  const plan = { ...made, recipe: { ...made.recipe, ...(resolved.explain && { explain: resolved.explain }) } };
  const carried = asked
    .filter((name) => carrier(name) !== name)
    .map((name) => `'${name}' is merged with what follows it: its relevance is that of '${carrier(name)}'`);
  return { reading, canonical, plan, notices: [...facts.notices, ...notices, ...carried, ...plan.notices] };
};

/** What the choice of `auto` depends on. */
export const traitsIn = (
  model: ModelProto,
  facts: TraceFacts,
  { box, reading: said }: Pick<PlanOptions, "box" | "reading"> = {},
): Traits => {
  const graph = graphOf(model);
  return traitsOf(graph, { facts, reading: readingOf(model, graph, facts, said), pixels: box !== undefined });
};

const known = new WeakMap<
  ModelProto,
  { readonly facts: TraceFacts; readonly said?: ReadingOptions; readonly reading: Reading }
>();

/** A model is read once, however often it is planned. */
const readingOf = (model: ModelProto, graph: Graph, facts: TraceFacts, said: ReadingOptions | undefined): Reading => {
  const before = known.get(model);
  if (before?.facts === facts && before.said === said) return before.reading;
  const reading = readModel(graph, facts, said);
  known.set(model, { facts, reading, ...(said && { said }) });
  return reading;
};

export interface Compiled extends Artefact, Planned {}

/** Compiles a prepared model: linear in the graph, weights are referenced and never copied. */
export const compileModel = (
  model: ModelProto,
  facts: TraceFacts,
  recipe: Recipe = {},
  options: CompileOptions = {},
): Compiled => {
  const planned = planModel(model, facts, recipe, options);
  const { quantised } = facts;
  const artefact = emitArtefact(model, planned.canonical, planned.plan, { ...options, ...(quantised && { quantised }) });
  return { ...planned, ...artefact, model: options.float32 ? artefact.model : withDeclaredTypes(artefact.model, facts.types) };
};

/** Traces and lowers the model, then compiles. Errors: those of both; BadRecipe for options that there are not. */
export const compile = async (
  model: ModelProto,
  recipe: Recipe,
  runtime: Runtime,
  options: CompileOptions & PrepareOptions = {},
): Promise<Compiled> => {
  const ignored = checkCompile(recipe, options);
  const prepared = await prepare(model, runtime, options);
  const compiled = compileModel(prepared.model, prepared.facts, recipe, options);
  return { ...compiled, notices: [...ignored, ...compiled.notices] };
};
