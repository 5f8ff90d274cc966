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
import type { Channels, Oracle } from "../methods/oracle.ts";
import type { Score } from "../methods/score.ts";
import { METHODS, recipeHash } from "../plan/index.ts";
import type { Tensor } from "../runtime/runtime.ts";
import { classRounds } from "./classes.ts";
import type { Explainer } from "./explainer.ts";
import { insideOf, valueAt } from "./inside.ts";
import { channelsOf, explainedBy, openModel } from "./open-model.ts";
import { promote } from "./promote.ts";
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
  const opened = await openModel(lit, x, options, method.card.joint);
  const { plan, values, explained, named, out, logits, others, model, channels } = opened;
  checkReferences(options.references, explained);
  const rounds = classRounds(lit.asked(options.target), logits);
  const meter = meterOf(options.onRows, rounds.length);
  let targets = rounds[0]!;
  onProgress?.("run");
  const oracleOf = (channels: Channels, x: FloatTensor, feeds: Readonly<Record<string, Tensor>>): Oracle =>
    opened.oracle(channels, x, feeds, { targets, score, signal, meter, batch: options.batch });
  const inside = insideOf(lit, values[0]!, plan);
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
        return { x, oracle: oracleOf(channelsOf(lit, from, [layer], plan), x, { ...others, ...named(at) }) };
      },
      announce: meter.announce,
      random: randomBy(options.random ?? 0, options.ids),
      ...(options.references && { references: options.references as FloatTensor }),
      ...(options.groups && { groups: options.groups }),
      attribute: (name, more, moved = at) => {
        const other = methodNamed(name);
        if (other !== undefined) {
          explainedBy(plan, other.card.name, other.card.joint);
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
    values: Object.fromEntries(values.flatMap((name) => (out[name] === undefined ? [] : [[name, out[name]]]))),
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
