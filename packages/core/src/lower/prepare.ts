/** Traces a model and lowers it, in turns, until no pass has anything left to do. */

import { fail } from "../errors.ts";
import type { TraceFacts } from "../graph/facts.ts";
import { type TraceOptions, trace } from "../graph/trace.ts";
import { TracedModel } from "../graph/traced-model.ts";
import { checkVariadic } from "../graph/variadic.ts";
import { checkWeights } from "../graph/weights.ts";
import { append } from "../numeric/extremes.ts";
import type { ModelProto } from "../onnx/proto.ts";
import { sourcesOf } from "../reading/sources.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { Budget, type Budgets } from "./budget.ts";
import { type Fix, fixSizes } from "./fix-sizes.ts";
import { declaredTypes } from "./half/types.ts";
import { type Held, heldBySample, holdInputs } from "./hold-inputs.ts";
import { withImports } from "./imports.ts";
import { passesFor } from "./index.ts";
import { withLocales } from "./locale.ts";
import type { Pass } from "./pass.ts";
import { rowsApart } from "./rows-apart.ts";

/** The model all rules are written for; inputs and outputs are those of the original, float32 where it has another float type. */
export type Prepared = TracedModel;

export interface PrepareOptions extends TraceOptions {
  /** Inputs held at fixed values, by name: constants of the artefact, whatever is fed. Those that decide a branch alone: the sample's. */
  readonly held?: Held;
  /** How much it may become. */
  readonly budgets?: Budgets;
  /** Take the floats of a quantised model, or of a sum over kernels, for everything, outputs and targets too. Default: those are the quantised model's own, or float64's. */
  readonly float?: boolean;
}

/** Nested functions and branches take a round each. */
const MOST_ROUNDS = 12;
const NO_FACTS: TraceFacts = { shapes: new Map(), values: new Map(), types: new Map(), notices: [] };

/** Errors: BadModel for weights that are NaN, and what would take the runtime down; those of `trace`; Unsupported. What was done is in the facts' notices. */
export const prepare = async (file: ModelProto, runtime: Runtime, options: PrepareOptions = {}): Promise<Prepared> => {
  checkVariadic(file.graph);
  checkWeights(file.graph);
  const given = new TracedModel(file, NO_FACTS);
  const bySample = heldBySample(given.graph, options.sample);
  const held = { ...bySample, ...options.held };
  const here = await withLocales(await withImports(file, runtime), runtime);
  const source = holdInputs(here.model, held);
  const notices = Object.entries(held).map(
    ([name, values]) =>
      `input '${name}' is held at ${values.join(", ")}${Object.hasOwn(options.held ?? {}, name) ? "" : ", the sample's: it decides which branch is taken (--hold takes another value)"}`,
  );
  append(notices, here.notices);
  const passes = await passesFor(file);
  const budget = new Budget(options.budgets);
  let at = changed(given, source);
  const types = declaredTypes(at.graph);
  let integers: ModelProto | undefined;
  let left = new Map<string, string>();
  let fixes: Fix[] = [];
  const lower = (some: readonly Pass[]): void => {
    left = new Map();
    fixes = [];
    for (const pass of some) {
      const passed = pass.apply(at, budget);
      if (passed !== undefined && pass.name === "quantised") integers ??= at.model;
      at = changed(at, passed?.model ?? at.model);
      append(notices, passed?.notes ?? []);
      for (const [output, why] of passed?.left ?? []) left.set(output, why);
      append(fixes, passed?.fixes ?? []);
    }
    budget.hold(at, file);
  };
  // What a runtime may not take comes first; everything else wants to know shapes.
  lower(passes.filter((pass) => pass.needs === "nothing"));
  const tracing = passes.filter((pass) => pass.needs !== "nothing");
  const unmet = new Map<string, string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = at.model;
    at = at.with(await trace(before, runtime, options, at.graph));
    const { facts } = at;
    lower(tracing);
    const asked = fixes.filter(({ output }) => !unmet.has(output));
    const fixed = await fixSizes(at, asked, runtime, options);
    for (const { output, what } of fixed.unmet) unmet.set(output, `${what} depends on the values of the input`);
    at = changed(at, fixed.model);
    append(notices, fixed.notices);
    if (at.model === before) {
      const apart = await rowsApart(at, runtime, options);
      const double = integers === undefined && !options.float ? await doubleOf(file, before, runtime, options) : undefined;
      return at.with({
        ...facts,
        types,
        sources: sourcesOf(file.graph),
        ...(apart.size > 0 && { rowsApart: apart }),
        ...(integers !== undefined && !options.float && fits(integers, before) && { quantised: integers }),
        ...(double !== undefined && { quantised: double, double: true }),
        left: new Map([...left, ...unmet]),
        mostWeights: budget.limits.weights,
        notices: [...notices, ...(double === undefined ? [] : [IN_DOUBLE]), ...facts.notices],
      });
    }
  }
  throw fail("Unsupported", { what: "the model is nested too deeply", why: `${MOST_ROUNDS} rounds did not take it apart` });
};

const IN_DOUBLE =
  "outputs are computed in float64: they are sums over kernels, of which float32 leaves less (--float for float32)";

/** Few models have what may be a sum over kernels: a page need not fetch what computes it. */
const doubleOf = async (file: ModelProto, lowered: ModelProto, runtime: Runtime, { source }: PrepareOptions) => {
  if (!file.graph.node.some(({ opType }) => opType === "ReduceSum" || opType.startsWith("SVM"))) return undefined;
  const { doubled } = await import("./double/index.ts");
  return doubled(file, lowered, runtime, source);
};

/** Of what a pass hands back the graph is derived anew, of the same model it is not. */
const changed = (at: TracedModel, model: ModelProto): TracedModel => (model === at.model ? at : new TracedModel(model, at.facts));

/** One model can hold both only where their operators are of the same version. */
const fits = (a: ModelProto, b: ModelProto): boolean => {
  const version = ({ opsetImport }: ModelProto) =>
    opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx")?.version;
  return version(a) === version(b);
};
