/** Runs a method that asks the model more than once (methods/): opens its sessions, finds the classes, hands out the map. */
import { compileModel, planModel } from "../compile.ts";
import { fail } from "../errors.ts";
import { compiledMap, compiledRecipe } from "../methods/compiled.ts";
import {
  type Attribution,
  checkParameters,
  type FloatTensor,
  type Method,
  type MethodParams,
  methods,
  randomBy,
} from "../methods/index.ts";
import { type Channels, Oracle } from "../methods/oracle.ts";
import type { Score } from "../methods/score.ts";
import type { ModelProto } from "../onnx/proto.ts";
import { canonicalJson, METHODS, type Plan, recipeHash } from "../plan/index.ts";
import type { Tensor } from "../runtime/runtime.ts";
import { classTargets } from "./classes.ts";
import type { Explainer, ExplainOptions, Explanation, RelevanceMap } from "./explainer.ts";
import { insideOf, valueAt } from "./inside.ts";
import { fetching, promote } from "./promote.ts";

/** What a recipe of such a method fixes. */
export interface MethodRecipe {
  readonly recipe: 1;
  readonly method: string;
  readonly params: MethodParams;
  readonly score: Score;
  readonly explain: readonly string[];
  readonly output: string;
  /** Of the random numbers. */
  readonly random: number;
}

export const methodNamed = (name: string | undefined): Method | undefined => (name === undefined ? undefined : methods[name]);

/** Errors: those of `explain`; BadRecipe for parameters. */
export const attribute = async (
  lit: Explainer,
  method: Method,
  x: Tensor | Readonly<Record<string, Tensor>>,
  options: ExplainOptions,
): Promise<Explanation> => {
  const { output: asked, score: chosen, signal, onProgress } = options;
  const started = performance.now();
  const { output: alias, ...given } = (options.params ?? {}) as Record<string, unknown>;
  const params = checkParameters(method.card, given);
  const score = (chosen ?? alias ?? "logit") as Score;
  const plan = planOf(lit, options);
  const value = onlyOne(plan, method);
  const feeds = lit.feeds(x);
  const inner = feeds[value] === undefined;
  const shape = lit.facts.shapes.get(value)!;
  const model = promote(lit.model, value, shape);
  const channels = channelsOf(lit, model, value, plan);
  onProgress?.("load");
  const first = await lit.session(canonicalJson({ forward: value }), () => fetching(lit.model, [plan.start, plan.output, value]));
  const out = await first.run(feeds);
  const explained = (inner ? out[value] : feeds[value]) as FloatTensor;
  const logits = out[plan.start] as FloatTensor;
  const targets = classTargets(lit.asked(options.target), logits);
  onProgress?.("run");
  const others = Object.fromEntries(Object.entries(feeds).filter(([name]) => name !== value));
  const oracleOf = (channels: Channels, x: FloatTensor, feeds: Readonly<Record<string, Tensor>>): Oracle =>
    new Oracle({
      channels,
      x,
      feeds,
      targets,
      score,
      start: plan.start,
      classes: logits.dims.slice(1),
      head: plan.head === "none" ? "softmax" : plan.head,
      signal,
      onRows: options.onRows,
      fixed: fixedBatch(shape[0]),
      batch: options.batch,
    });
  const inside = insideOf(lit, value, plan);
  const task = async (which: Method, checked: MethodParams, at: FloatTensor): Promise<Attribution> => {
    const oracle = oracleOf(channels, at, others);
    return which.attribute({
      x: at,
      params: checked,
      oracle,
      inside,
      at: async (layer) => {
        const from = promote(model, layer, lit.facts.shapes.get(layer)!);
        const x = await valueAt(oracle, layer);
        return { x, oracle: oracleOf(channelsOf(lit, from, layer, plan), x, { ...others, [value]: at }) };
      },
      random: randomBy(options.random ?? 0),
      ...(options.references && { references: options.references as FloatTensor }),
      attribute: (name, more, moved = at) => {
        const other = methodNamed(name);
        if (other !== undefined) return task(other, checkParameters(other.card, more), moved);
        const compiled = compiledRecipe(name, more);
        if (compiled !== undefined) return compiledMap(oracleOf(channels, moved, others), moved, compiled);
        throw fail("BadRecipe", {
          what: `method '${name}' inside '${which.card.name}' is not known`,
          fix: `one of ${[...METHODS, ...Object.keys(methods)].join(", ")}, or a composite`,
        });
      },
    });
  };
  const { relevance, spread, details, notices = [] } = await task(method, params, explained);
  const recipe: MethodRecipe = {
    recipe: 1,
    method: method.card.name,
    params,
    score,
    explain: [value],
    output: asked ?? plan.output,
    random: options.random ?? 0,
  };
  const map = relevance as RelevanceMap;
  return {
    output: out[plan.output]!,
    outputs: Object.fromEntries(
      lit.model.graph.output.flatMap(({ name }) => (out[name] === undefined ? [] : [[name, out[name]]])),
    ),
    target: targets,
    relevance: map,
    relevances: { [value]: map },
    layers: {},
    ...(spread && { spread: spread as RelevanceMap }),
    ...(details && { details }),
    recipe,
    hash: await recipeHash(recipe as never),
    notices: [...lit.facts.notices, ...plan.notices, ...notices],
    timings: { compile: 0, load: 0, run: performance.now() - started },
  };
};

/** Where scores are read and what is explained; nodes without a rule do not matter to it. */
const planOf = (lit: Explainer, { explain, output }: ExplainOptions): Plan =>
  planModel(
    lit.model,
    lit.facts,
    { method: "gradient", onUnsupported: "detach", ...(explain && { explain }), ...(output && { output }) },
    lit.options,
  ).plan;

const onlyOne = ({ explained }: Plan, { card }: Method): string => {
  if (explained.length === 1) return explained[0]!;
  throw fail("BadRecipe", {
    what: `method '${card.name}' explains one input at a time`,
    why: `the model has ${explained.length}: ${explained.join(", ")}`,
    fix: "name one with --explain",
  });
};

const fixedBatch = (size: number | null | undefined): number | undefined => (typeof size === "number" ? size : undefined);

const channelsOf = (lit: Explainer, model: ModelProto, value: string, plan: Plan): Channels => ({
  forward: async (fetch) => ({
    session: await lit.session(canonicalJson({ fed: value, fetch }), () => fetching(model, fetch)),
    input: value,
    layers: {},
  }),
  relevance: async (recipe, layers, fetch) => {
    const full = { ...recipe, explain: [value], output: plan.output };
    const compiled = compileModel(model, lit.facts, full, { ...lit.options, target: { kind: "input" }, layers, float32: true });
    const { names } = compiled;
    return {
      session: await lit.session(canonicalJson({ fed: value, recipe: full, layers, fetch }), () =>
        fetching(compiled.model, fetch),
      ),
      input: value,
      ...(names.targetInput !== undefined && { target: names.targetInput }),
      relevance: names.relevance[value]!,
      layers: names.layers,
    };
  },
});
