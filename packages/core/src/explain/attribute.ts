/** Runs a method that asks the model more than once (methods/): opens its sessions, finds the classes, hands out the map. */
import { type Compiled, compileModel, planModel } from "../compile.ts";
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
import { meterOf } from "../methods/meter.ts";
import { type Channels, Oracle } from "../methods/oracle.ts";
import type { Score } from "../methods/score.ts";
import type { ModelProto } from "../onnx/proto.ts";
import { canonicalJson, METHODS, type Plan, type Recipe, recipeHash } from "../plan/index.ts";
import type { Tensor } from "../runtime/runtime.ts";
import { classRounds } from "./classes.ts";
import type { Explainer } from "./explainer.ts";
import { insideOf, valueAt } from "./inside.ts";
import { apart, JOINT, joined, jointSession, type Part, partsOf } from "./joint.ts";
import { fetching, promote } from "./promote.ts";
import { stacked } from "./stack.ts";
import type { ExplainOptions, Explanation, RelevanceMap } from "./types.ts";

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
  const score = scoreOf(method, chosen ?? alias, options.seed);
  const plan = planOf(lit, options);
  const values = explainedBy(plan, method);
  const feeds = lit.feeds(x);
  const shapeOf = (name: string) => lit.facts.shapes.get(name)!;
  const model = values.reduce((from, name) => promote(from, name, shapeOf(name)), lit.model);
  onProgress?.("load");
  const first = await lit.session(canonicalJson({ forward: values, fetch: [plan.start, plan.output] }), () =>
    fetching(lit.model, [plan.start, plan.output, ...values]),
  );
  const out = await first.run(feeds);
  const tensors = Object.fromEntries(values.map((name) => [name, (feeds[name] ?? out[name]) as FloatTensor]));
  const laid = values.length > 1 ? partsOf(tensors) : [];
  const explained = laid.length > 0 ? joined(tensors, laid) : tensors[values[0]!]!;
  const named = (x: FloatTensor): Record<string, FloatTensor> => (laid.length > 0 ? apart(x, laid) : { [values[0]!]: x });
  checkReferences(options.references, explained);
  const channels = channelsOf(lit, model, values, plan, laid);
  const logits = out[plan.start] as FloatTensor;
  const rounds = classRounds(lit.asked(options.target), logits);
  const meter = meterOf(options.onRows, rounds.length);
  let targets = rounds[0]!;
  onProgress?.("run");
  const others = Object.fromEntries(Object.entries(feeds).filter(([name]) => !values.includes(name)));
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
      meter,
      fixed: shapeOf(values[0]!)[0] ?? undefined,
      batch: options.batch,
    });
  const inside = insideOf(lit, values[0]!, plan);
  const task = async (which: Method, checked: MethodParams, at: FloatTensor): Promise<Attribution> => {
    const oracle = oracleOf(channels, at, others);
    return which.attribute({
      x: at,
      params: checked,
      oracle,
      inside,
      at: async (layer) => {
        const from = promote(model, layer, shapeOf(layer));
        const x = await valueAt(oracle, layer);
        return { x, oracle: oracleOf(channelsOf(lit, from, [layer], plan), x, { ...others, ...named(at) }) };
      },
      announce: meter.announce,
      random: randomBy(options.random ?? 0),
      ...(options.references && { references: options.references as FloatTensor }),
      ...(options.groups && { groups: options.groups }),
      attribute: (name, more, moved = at) => {
        const other = methodNamed(name);
        if (other !== undefined) {
          explainedBy(plan, other);
          return task(other, checkParameters(other.card, more), moved);
        }
        const compiled = compiledRecipe(name, more);
        if (compiled !== undefined) return compiledMap(oracleOf(channels, moved, others), moved, compiled);
        throw fail("BadRecipe", {
          what: `method '${name}' inside '${which.card.name}' is not known`,
          fix: `one of ${[...METHODS, ...Object.keys(methods)].join(", ")}, or a composite`,
        });
      },
    });
  };
  const maps: Attribution[] = [];
  for (const round of rounds) {
    if (maps.length > 0) meter.again();
    targets = round;
    maps.push(await task(method, params, explained));
  }
  const { relevance, spread, frames, details, notices = [] } = stacked(maps);
  const recipe: MethodRecipe = {
    recipe: 1,
    method: method.card.name,
    params,
    score,
    explain: values,
    output: asked ?? plan.output,
    random: options.random ?? 0,
  };
  const relevances = named(relevance) as Record<string, RelevanceMap>;
  return {
    output: out[plan.output]!,
    outputs: Object.fromEntries(
      lit.model.graph.output.flatMap(({ name }) => (out[name] === undefined ? [] : [[name, out[name]]])),
    ),
    target: targets.map((_, n) => rounds.flatMap((round) => round[n]!)),
    relevance: relevances[values[0]!]!,
    relevances,
    layers: {},
    ...(spread && { spread: named(spread)[values[0]!] as RelevanceMap }),
    ...(frames && { frames }),
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

/** Several inputs only where the method moves them together. */
const explainedBy = ({ explained }: Plan, { card }: Method): readonly string[] => {
  if (explained.length === 1 || card.joint) return explained;
  throw fail("BadRecipe", {
    what: `method '${card.name}' explains one input at a time`,
    why: `the model has ${explained.length}: ${explained.join(", ")}`,
    fix: "name one with --explain",
  });
};

/** The lead over the other classes is a seed of compiled methods, and a score of these. */
const scoreOf = ({ card }: Method, asked: unknown, seed: ExplainOptions["seed"]): Score => {
  const score = asked ?? (seed === "log-odds" ? seed : "logit");
  if (score !== "logit" && score !== "probability" && score !== "log-odds")
    throw fail("BadRecipe", { what: `score ${JSON.stringify(score)}`, fix: "logit, probability or log-odds" });
  if (seed === undefined || seed === "one" || seed === "logit" || seed === score) return score;
  throw fail("BadRecipe", {
    what: `seed ${JSON.stringify(seed)} with method '${card.name}'`,
    why: "it explains a score",
    fix: "leave the seed out, or take log-odds",
  });
};

const checkReferences = (references: Tensor | undefined, x: FloatTensor): void => {
  if (references === undefined) return;
  if (references.type === "float32" && references.dims.slice(1).join() === x.dims.slice(1).join() && references.dims[0]! > 0)
    return;
  throw fail("BadInput", {
    what: `references of ${references.type} ${references.dims.join("×")}`,
    why: `samples are float32 ${x.dims.slice(1).join("×")}`,
    fix: "give them in the shape of what is explained, with the number of references in front",
  });
};

/** `parts`: where several values are fed as one row. */
const channelsOf = (
  lit: Explainer,
  model: ModelProto,
  values: readonly string[],
  plan: Plan,
  parts: readonly Part[] = [],
): Channels => {
  const [only, joint] = [values[0]!, parts.length > 0];
  const fed = { fed: values, takes: model.graph.input.map(({ name }) => name) };
  const known = new Map<string, Compiled>(); // methods that iterate ask again and again
  const compiledBy = (recipe: Recipe, layers: readonly string[]): Compiled => {
    const key = canonicalJson({ recipe, layers });
    const made =
      known.get(key) ??
      compileModel(model, lit.facts, recipe, { ...lit.options, target: { kind: "input" }, layers, float32: true });
    known.set(key, made);
    return made;
  };
  return {
    forward: async (fetch) => {
      const session = await lit.session(canonicalJson({ ...fed, fetch }), () => fetching(model, fetch));
      return { session: joint ? jointSession(session, parts) : session, input: joint ? JOINT : only, layers: {} };
    },
    relevance: async (recipe, layers, fetch) => {
      const full = { ...recipe, explain: values, output: plan.output };
      const compiled = compiledBy(full, layers);
      const { names } = compiled;
      const session = await lit.session(canonicalJson({ ...fed, recipe: full, layers, fetch }), () =>
        fetching(compiled.model, fetch),
      );
      return {
        session: joint ? jointSession(session, parts, names.relevance) : session,
        input: joint ? JOINT : only,
        ...(names.targetInput !== undefined && { target: names.targetInput }),
        ...(names.references?.[only] !== undefined && { reference: names.references[only] }),
        relevance: joint ? JOINT : names.relevance[only]!,
        layers: names.layers,
      };
    },
  };
};
