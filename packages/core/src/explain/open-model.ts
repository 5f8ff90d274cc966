/** A model opened for many questions about one batch: what is explained, its values, and sessions that take rows of it. */
import { type Compiled, compileModel, type Planned } from "../compile/index.ts";
import { fail } from "../errors.ts";
import { TracedModel } from "../graph/traced-model.ts";
import type { ModelProto } from "../onnx/proto.ts";
import { type Channels, Oracle, type OracleOptions } from "../oracle/oracle.ts";
import { type Scoring, scoringOf } from "../oracle/score.ts";
import { canonicalJson, detachedNotice, type Plan, type Recipe } from "../plan/index.ts";
import { type Arrangement, arranged, arrangementOf, batchFirst, type LayoutKind, type Reading } from "../reading/index.ts";
import type { Session } from "../runtime/runtime.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { arrangedSession } from "./arranged.ts";
import { apart, JOINT, JOINT_REFERENCE, joined, jointSession, type Part, partsOf } from "./joint.ts";
import type { LoadedModel } from "./loaded.ts";
import { fetching, promote } from "./promote.ts";
import type { ExplainOptions } from "./types.ts";

type Feeds = Readonly<Record<string, Tensor>>;
type Asking = Pick<OracleOptions, "targets" | "against" | "aims" | "score" | "signal" | "meter" | "batch">;

export interface Opened {
  readonly plan: Plan;
  /** Names of the explained values; several are laid end to end in one row. */
  readonly values: readonly string[];
  /** Samples first, then channels, then positions, whatever order of axes the model takes. */
  readonly explained: FloatTensor;
  /** What its axes are. */
  readonly kind: LayoutKind;
  readonly reading: Reading;
  /** Of each explained value. */
  readonly arrangements: Readonly<Record<string, Arrangement>>;
  /** Several explained values, arranged as they are, as one row like `explained`. */
  laidOut(all: Readonly<Record<string, FloatTensor>>): FloatTensor;
  /** Rows of the explained values, by name, arranged as they are. */
  named(x: FloatTensor): Record<string, FloatTensor>;
  /** What the batch gives: all outputs, the logits. */
  readonly out: Record<string, Tensor>;
  readonly logits: FloatTensor;
  /** What says which classes win: the logits, or a quantised model's own output. */
  readonly ranked: FloatTensor;
  /** What they are. */
  readonly scoring: Scoring;
  /** All inputs of the batch. */
  readonly feeds: Feeds;
  /** All but those that are explained. */
  readonly others: Feeds;
  /** The explained values of other feeds, the number of samples aside of the same sizes, laid out as `explained`. Errors: BadInput. */
  at(feeds: Feeds): Promise<FloatTensor>;
  /** With the explained values as inputs. */
  readonly model: ModelProto;
  readonly channels: Channels;
  oracle(channels: Channels, x: FloatTensor, feeds: Feeds, asking: Asking): Oracle;
}

/** `joint`: several explained inputs may be taken together. Errors: BadInput, BadRecipe, Runtime. */
export const openModel = async (
  lit: LoadedModel,
  x: Tensor | Feeds,
  options: Pick<ExplainOptions, "explain" | "output" | "onProgress" | "method">,
  joint = false,
): Promise<Opened> => {
  const { plan, reading } = planOf(lit, options);
  const { samples } = plan;
  const values = explainedBy(plan, options.method ?? "this", joint);
  const main = values[0]!;
  const arrangements = Object.fromEntries(
    values.map((name) => [name, arrangementOf(reading.axes.of(name) ?? [], samples.of(name))]),
  );
  const feeds = lit.feeds(x);
  const shapeOf = (name: string) => lit.facts.shapes.get(name)!;
  const model = values.reduce((from, name) => promote(from, name, shapeOf(name)), lit.model);
  options.onProgress?.("load");
  const first = await lit.session(canonicalJson({ forward: values, fetch: [plan.start, plan.output] }), () =>
    fetching(lit.model, [plan.start, plan.output, ...values]),
  );
  const out = await first.run(feeds);
  const explainedIn = (feeds: Feeds, out: Readonly<Record<string, Tensor>>) =>
    Object.fromEntries(values.map((name) => [name, arranged((feeds[name] ?? out[name]) as FloatTensor, arrangements[name]!)]));
  const tensors = explainedIn(feeds, out);
  const areTokens = values.every((name) => arrangements[name]!.kind === "tokens");
  const laid = values.length > 1 ? partsOf(tensors, areTokens) : [];
  const laidOut = (all: Readonly<Record<string, FloatTensor>>) => (laid.length > 0 ? joined(all, laid) : all[main]!);
  const rows = (value: FloatTensor) => arranged(value, batchFirst(value.dims.length, plan.batchAxis));
  const logits = rows(out[plan.start] as FloatTensor);
  const own = await quantisedOutput(lit, plan, feeds);
  const scoring = scoringOf(plan);
  return {
    plan,
    values,
    explained: laidOut(tensors),
    kind: laid.length > 0 && !laid[0]!.tokens ? "values" : arrangements[main]!.kind,
    reading,
    arrangements,
    laidOut,
    named: (x) => (laid.length > 0 ? apart(x, laid) : { [main]: x }),
    out,
    logits,
    ranked: own?.dims.join() === out[plan.start]!.dims.join() ? rows(own) : logits,
    scoring,
    feeds,
    at: async (given) => {
      const other = lit.feeds(given);
      return laidOut(explainedIn(other, await first.run(other)));
    },
    others: Object.fromEntries(Object.entries(feeds).filter(([name]) => !values.includes(name))),
    model,
    channels: channelsOf(lit, model, { plan, arrangements, parts: laid }),
    oracle: (channels, x, feeds, asking) =>
      new Oracle({
        ...asking,
        channels,
        x,
        feeds,
        samplesOf: (input) => (samples.independent ? (samples.of(input) ?? (samples.whole(input) ? undefined : 0)) : undefined),
        start: plan.start,
        classes: logits.dims.slice(1),
        scoring,
        fixed: samples.independent ? (shapeOf(main)[samples.of(main) ?? 0] ?? undefined) : 1,
      }),
  };
};

/** The output of the quantised model itself, where it ranks the classes as logits do. */
const quantisedOutput = async (
  lit: LoadedModel,
  { output, start, reading }: Plan,
  feeds: Feeds,
): Promise<FloatTensor | undefined> => {
  const { quantised } = lit.facts;
  if (quantised === undefined || (reading.twoClasses && output !== start)) return undefined;
  const session = await lit.session("quantised", () => quantised);
  return session.outputNames.includes(output) ? ((await session.run(feeds, [output]))[output] as FloatTensor) : undefined;
};

/** Where scores are read and what is explained; nodes without a rule do not matter to it. */
const planOf = (lit: LoadedModel, asked: Pick<ExplainOptions, "explain" | "output">): Planned => {
  const planned = lit.outline(asked);
  // Nothing is propagated, so nothing is dropped: what is said of that would only frighten.
  const dropped = new Set(
    planned.plan.steps.flatMap(({ node, unsupported }) => (unsupported === undefined ? [] : [detachedNotice(node, unsupported)])),
  );
  return { ...planned, plan: { ...planned.plan, notices: planned.plan.notices.filter((text) => !dropped.has(text)) } };
};

/** Several inputs only where the method moves them together. */
export const explainedBy = ({ explained }: Plan, method: string, joint = false): readonly string[] => {
  if (explained.length === 1 || joint) return explained;
  throw fail("BadRecipe", {
    what: `method '${method}' explains one input at a time`,
    why: `the model has ${explained.length}: ${explained.join(", ")}`,
    fix: "name one with --explain",
  });
};

export interface Feeding {
  readonly plan: Plan;
  /** Of the values that are fed. */
  readonly arrangements: Readonly<Record<string, Arrangement>>;
  /** Where several values are fed as one row. */
  readonly parts?: readonly Part[];
}

export const channelsOf = (lit: LoadedModel, model: ModelProto, { plan, arrangements, parts = [] }: Feeding): Channels => {
  const values = Object.keys(arrangements);
  const [only, joint] = [values[0]!, parts.length > 0];
  const opened = (
    session: Session,
    outputs: Readonly<Record<string, Arrangement | undefined>> = {},
    references: Readonly<Record<string, string>> = {},
    seed?: string,
  ): Session =>
    arrangedSession(session, { ...arrangements, ...named(references), ...(seed && directed(seed)) }, (name) =>
      name in outputs ? outputs[name] : samplesFirst(lit, plan, name),
    );
  /** What each value is compared with lies like the value. */
  const named = (names: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(names).flatMap(([value, name]) => (arrangements[value] ? [[name, arrangements[value]]] : [])),
    );
  /** A direction lies like the value scores are read from. */
  const directed = (seed: string) => ({ [seed]: samplesFirst(lit, plan, plan.start)! });
  const fed = { fed: values, takes: model.graph.input.map(({ name }) => name) };
  const traced = model === lit.model ? lit.traced : new TracedModel(model, lit.facts);
  const known = new Map<string, Compiled>(); // methods that iterate ask again and again
  const compiledBy = (recipe: Recipe, layers: readonly string[]): Compiled => {
    const key = canonicalJson({ recipe, layers });
    const made =
      known.get(key) ??
      compileModel(traced, recipe, {
        ...lit.options,
        asked: recipe.rules === undefined && recipe.recipe === undefined,
        target: { kind: "input" },
        layers,
        float32: true,
      });
    known.set(key, made);
    return made;
  };
  return {
    forward: async (fetch) => {
      const session = await lit.session(canonicalJson({ ...fed, fetch }), () => fetching(model, fetch));
      const own = opened(session);
      return { session: joint ? jointSession(own, parts) : own, input: joint ? JOINT : only, layers: {} };
    },
    relevance: async (recipe, layers, fetch) => {
      const full = { ...recipe, explain: values, output: plan.output };
      const compiled = compiledBy(full, layers);
      const { names } = compiled;
      const session = await lit.session(canonicalJson({ ...fed, recipe: full, layers, fetch }), () =>
        fetching(compiled.model, fetch),
      );
      const own = opened(
        session,
        {
          ...Object.fromEntries(values.map((value) => [names.relevance[value]!, arrangements[value]])),
          ...Object.fromEntries(Object.entries(names.layers).map(([value, name]) => [name, samplesFirst(lit, plan, value)])),
        },
        names.references,
        names.seedInput,
      );
      return {
        session: joint ? jointSession(own, parts, { relevance: names.relevance, references: names.references ?? {} }) : own,
        input: joint ? JOINT : only,
        ...(names.targetInput !== undefined && { target: names.targetInput }),
        ...(names.seedInput !== undefined && { seed: names.seedInput }),
        ...(names.references?.[only] !== undefined && { reference: joint ? JOINT_REFERENCE : names.references[only] }),
        relevance: joint ? JOINT : names.relevance[only]!,
        layers: names.layers,
      };
    },
  };
};

/** How inner values and logits are handed out: their samples first, all else as it stands. Undefined for values of unknown rank. */
export const samplesFirst = (lit: LoadedModel, { start, batchAxis, samples }: Plan, value: string): Arrangement | undefined => {
  const rank = lit.facts.shapes.get(value)?.length;
  if (rank === undefined) return undefined;
  const batch = value === start ? batchAxis : samples.of(value);
  return batchFirst(rank, samples.independent && value !== start ? (batch ?? 0) : batch);
};
