import { checkParameters, type MethodParams } from "../cards/parameters.ts";
import { fail } from "../errors.ts";
import { checkBeside } from "../methods/beside.ts";
import { compiledMap, compiledRecipe } from "../methods/compiled/recipe.ts";
import { type Attribution, type Method, methods } from "../methods/index.ts";
import { amongReferences, amongTokens } from "../methods/reference/baseline.ts";
import { randomBy } from "../numeric/random.ts";
import { meterOf } from "../oracle/meter.ts";
import type { Channels, Oracle } from "../oracle/oracle.ts";
import type { Score } from "../oracle/score.ts";
import { recipeHash } from "../plan/index.ts";
import { arranged, mapsFirst, noProbability, ofSamples, restored } from "../reading/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { absentTokens, usualToken } from "./absent-tokens.ts";
import type { Aimed } from "./aims/index.ts";
import { insideOf, valueAt } from "./inside.ts";
import type { LoadedModel } from "./loaded.ts";
import { unknownMethod } from "./method-named.ts";
import { notesOf } from "./note.ts";
import { channelsOf, explainedBy, type Opened, openModel, samplesFirst } from "./open-model.ts";
import { promote } from "./promote.ts";
import { referencesOf } from "./references-like.ts";
import { roundsOf } from "./rounds.ts";
import { stacked } from "./stack.ts";
import type { ExplainOptions, Explanation, MethodRecipe } from "./types.ts";

/** Errors: those of `explain`; BadRecipe for parameters. */
export const attribute = async (
  lit: LoadedModel,
  x: Tensor | Readonly<Record<string, Tensor>>,
  given: ExplainOptions & { readonly method: string },
  aimed?: Aimed,
): Promise<Explanation> => {
  const method = methods[given.method]!;
  const options: ExplainOptions = aimed?.options.output === undefined ? given : { ...given, output: aimed.options.output };
  const { output: asked, score: chosen, signal, onProgress } = options;
  const started = performance.now();
  const { output: alias, ...written } = (options.params ?? {}) as Record<string, unknown>;
  const among = amongReferences(method.card, written, options.references);
  const { params: said, ignored } = paramsOf(method, among, options.recipe === 1);
  checkBeside(method.card.name, said, options);
  const score = scoreOf(method, chosen ?? alias, options.seed);
  const opened = await openModel(lit, x, options, method.card.joint);
  const { plan, values, explained, kind, named, out, ranked, scoring, others, model, channels } = opened;
  const references = await referencesOf(options.references, opened);
  // A recipe file says all it means.
  const token = options.recipe === 1 ? undefined : usualToken(lit, plan);
  const amongAll = amongTokens(method.card, among, token?.name);
  const params = amongAll === among ? said : checkParameters(method.card, amongAll);
  const absent = asksAbsence(method) ? await absentTokens(lit, opened) : undefined;
  const { rounds, several } = roundsOf(lit, options, { plan, ranked, aimed });
  if (score === "probability" && !scoring.classes) throw noProbability(plan.reading);
  const meter = meterOf(options.onRows, rounds.length);
  let round = rounds[0]!;
  onProgress?.("run");
  const oracleOf = (channels: Channels, x: FloatTensor, feeds: Readonly<Record<string, Tensor>>): Oracle =>
    opened.oracle(channels, x, feeds, { ...round, score, signal, meter, batch: options.batch });
  const inside = insideOf(lit, values[0]!, opened);
  /** In the model's own order of axes. */
  const own = (x: FloatTensor, more = 0): Record<string, FloatTensor> =>
    Object.fromEntries(
      Object.entries(named(x)).map(([name, tensor]) => [name, restored(tensor, opened.arrangements[name]!, more)]),
    );
  const task = async (which: Method, checked: MethodParams, at: FloatTensor): Promise<Attribution> => {
    const oracle = oracleOf(channels, at, others);
    return which.attribute({
      x: at,
      kind,
      params: checked,
      oracle,
      inside,
      at: async (layer) => {
        const from = promote(model, layer, lit.facts.shapes.get(layer)!);
        const x = await valueAt(oracle, layer);
        const arrangements = { [layer]: samplesFirst(lit, plan, layer)! };
        return { x, oracle: oracleOf(channelsOf(lit, from, { plan, arrangements }), x, { ...others, ...own(at) }) };
      },
      announce: meter.announce,
      random: randomBy(options.random ?? 0, options.ids),
      ...(references && { references }),
      ...(absent && { absent }),
      ...(options.groups && { groups: groupsLike(options.groups, opened) }),
      attribute: (name, more, moved = at) => {
        const other = methods[name];
        if (other !== undefined) {
          explainedBy(plan, other.card.name, other.card.joint);
          const among = amongReferences(other.card, more, references);
          return task(other, checkParameters(other.card, amongTokens(other.card, among, token?.name)), moved);
        }
        const compiled = compiledRecipe(name, more);
        if (compiled !== undefined) return compiledMap(oracleOf(channels, moved, others), moved, compiled);
        throw unknownMethod(`method '${name}' inside '${which.card.name}'`, ", or a composite");
      },
    });
  };
  const maps: Attribution[] = [];
  for (const next of rounds) {
    if (maps.length > 0) meter.again();
    round = next;
    maps.push(await task(method, params, explained));
  }
  const { relevance, spread, frames, details, difference, notices = [] } = several ? stacked(maps) : maps[0]!;
  const recipe: MethodRecipe = {
    recipe: 1,
    method: method.card.name,
    params,
    score,
    explain: values,
    output: asked ?? plan.output,
    random: options.random ?? 0,
  };
  const more = several ? 1 : 0;
  const relevances = own(relevance, more) as Record<string, FloatTensor>;
  return {
    output: out[plan.output]!,
    outputs: Object.fromEntries(
      lit.model.graph.output.flatMap(({ name }) => (out[name] === undefined ? [] : [[name, out[name]]])),
    ),
    target: round.targets.map((_, n) => rounds.flatMap(({ targets }) => targets[n]!)),
    ...(aimed && { aims: aimed.rounds[0]!.map((_, n) => aimed.rounds.map((aims) => aims[n]!)) }),
    relevance: relevances[values[0]!]!,
    relevances,
    values: Object.fromEntries(values.flatMap((name) => (out[name] === undefined ? [] : [[name, out[name]]]))),
    layers: {},
    notes: notesOf({
      plan,
      maps: Object.fromEntries(values.map((name) => [name, mapsFirst(relevances[name]!, plan.samples.of(name), several)])),
      count: round.targets.length * rounds.length,
      output: out[plan.output]!,
      hint:
        params.relu === true
          ? "every channel speaks against the class, and its ReLU leaves none (--set relu=false shows them)"
          : undefined,
    }),
    ...(spread && { spread: own(spread, more)[values[0]!] as FloatTensor }),
    ...(frames && {
      frames: values.length > 1 ? frames : frames.map((frame) => ({ ...frame, values: own(frame.values, more)[values[0]!]! })),
    }),
    ...(details && { details }),
    ...(difference && { difference }),
    recipe,
    hash: await recipeHash(recipe as never),
    notices: [
      ...(aimed?.notice === undefined ? [] : [aimed.notice]),
      ...ignored,
      ...(token !== undefined && amongAll !== among ? [`absence is ${token.what} (baseline=zero takes zeros)`] : []),
      ...lit.facts.notices,
      ...plan.notices,
      ...notices,
    ],
    timings: { compile: 0, load: 0, run: performance.now() - started },
  };
};

/** It, or a method inside it, has a baseline by name. */
const asksAbsence = ({ card: { parameters } }: Method): boolean =>
  parameters.baseline?.default === "zero" || parameters.of !== undefined;

/** A recipe file may hold parameters that the method has not. */
const paramsOf = ({ card }: Method, given: Readonly<Record<string, unknown>>, file: boolean) => {
  const stray = file ? Object.keys(given).filter((key) => !Object.hasOwn(card.parameters, key)) : [];
  const own = Object.fromEntries(Object.entries(given).filter(([key]) => !stray.includes(key)));
  const named = stray.map((key) => `params.${key}`).join(", ");
  return { params: checkParameters(card, own), ignored: named === "" ? [] : [`ignored in the recipe: ${named}`] };
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

/** Groups of one sample, or of the batch. */
const groupsLike = (groups: Tensor, { arrangements, values }: Opened): Tensor => {
  const only = values.length === 1 ? arrangements[values[0]!] : undefined;
  if (only === undefined) return groups;
  const rank = only.order.filter((axis) => axis >= 0).length;
  const whole = groups.dims.length === rank || only.order[0]! < 0;
  if (whole) return groups.dims.length === rank ? arranged(groups, only) : groups;
  const one = { ...groups, dims: [1, ...groups.dims] };
  return one.dims.length === rank ? arranged(one, ofSamples(only)) : groups;
};
