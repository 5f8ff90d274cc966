/** The compiler: a model and a recipe in, an explaining model out. */

import { type Canonical, canonize } from "../canonize/index.ts";
import { flowOf } from "../compiled/index.ts";
import type { Traits } from "../composites/index.ts";
import { type Artefact, emitArtefact } from "../emit/index.ts";
import type { TracedModel } from "../graph/traced-model.ts";
import { withDeclaredTypes } from "../lower/half/types.ts";
import { type PrepareOptions, prepare } from "../lower/prepare.ts";
import type { ModelProto } from "../onnx/proto.ts";
import { makePlan, type Plan, type Recipe, resolve, traitsOf } from "../plan/index.ts";
import { type Reading, type ReadingOptions, readModel } from "../reading/index.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { CompileOptions, PlanOptions } from "./options.ts";
import { checkCompile } from "./options.ts";
import { comparing } from "./references.ts";
import { withAxes } from "./with-axes.ts";

export interface Planned {
  /** What the model's axes mean, and which of its rows are samples. */
  readonly reading: Reading;
  readonly canonical: Canonical;
  readonly plan: Plan;
  readonly notices: readonly string[];
}

/** Canonical graph and plan of a prepared model (`prepare`). Pure: no session is created. */
export const planModel = (
  traced: TracedModel,
  recipe: Recipe = {},
  { box, asked: byName, layers = [], reading: said }: PlanOptions = {},
): Planned => {
  const reading = readingOf(traced, said);
  const { recipe: resolved, notices } = resolve(recipe, {
    ...traitsIn(traced, { ...(box && { box }), ...(said && { reading: said }) }),
    ...(box && { box }),
    ...(byName && { asked: true }),
  });
  const relevance = flowOf(resolved) === "relevance";
  const units = relevance && resolved.activation === "pass";
  const asked = [...(resolved.explain ?? []), ...(resolved.output === undefined ? [] : [resolved.output]), ...layers];
  // A gradient at a value is one at that very value; relevance passes through what is merged.
  const keep = new Set(relevance ? [] : asked);
  const ends = resolved.output === undefined ? [] : [resolved.output];
  const canonical = canonize(traced.graph, traced.ownFacts(), { batchnorm: resolved.params.batchnorm, units, keep, ends });
  const { carrier } = canonical;
  const explain = resolved.explain?.map(carrier);
  const made = makePlan(canonical.graph, canonical.facts, { ...resolved, ...(explain && { explain }) }, reading);
  const plan = { ...made, recipe: { ...made.recipe, ...(resolved.explain && { explain: resolved.explain }) } };
  const carried = asked
    .filter((name) => carrier(name) !== name)
    .map((name) => `'${name}' is merged with what follows it: its relevance is that of '${carrier(name)}'`);
  return { reading, canonical, plan, notices: [...traced.facts.notices, ...notices, ...carried, ...plan.notices] };
};

/** What the choice of `auto` depends on. */
export const traitsIn = (traced: TracedModel, { box, reading: said }: Pick<PlanOptions, "box" | "reading"> = {}): Traits =>
  traitsOf(traced, { reading: readingOf(traced, said), pixels: box !== undefined });

const known = new WeakMap<TracedModel, { readonly said?: ReadingOptions; readonly reading: Reading }>();

/** A model is read once, however often it is planned. */
const readingOf = (traced: TracedModel, said: ReadingOptions | undefined): Reading => {
  const before = known.get(traced);
  if (before !== undefined && before.said === said) return before.reading;
  const reading = readModel(traced, said);
  known.set(traced, { reading, ...(said && { said }) });
  return reading;
};

export { comparing } from "./references.ts";

export interface Compiled extends Artefact, Planned {}

/** Compiles a prepared model: linear in the graph, weights are referenced and never copied. */
export const compileModel = (traced: TracedModel, recipe: Recipe = {}, options: CompileOptions = {}): Compiled => {
  const inside = [...(options.masks ?? []), ...(options.channels ?? [])].map(({ value }) => value);
  const planned = planModel(traced, comparing(recipe, options.references !== undefined), {
    ...options,
    layers: [...(options.layers ?? []), ...inside],
  });
  const { types, quantised } = traced.facts;
  const { reading, canonical, plan } = planned;
  const at = { samples: plan.samples, carrier: canonical.carrier };
  const artefact = emitArtefact(traced.model, canonical, plan, {
    ...options,
    ...(options.masks && { masks: withAxes(options.masks, reading, at) }),
    ...(options.channels && { channels: withAxes(options.channels, reading, at) }),
    ...(quantised && { quantised }),
  });
  return { ...planned, ...artefact, model: options.float32 ? artefact.model : withDeclaredTypes(artefact.model, types) };
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
  const compiled = compileModel(prepared, recipe, options);
  return { ...compiled, notices: [...ignored, ...compiled.notices] };
};
