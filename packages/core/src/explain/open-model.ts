/** A model opened for many questions about one batch: what is explained, its values, and sessions that take rows of it. */
import { type Compiled, compileModel, planModel } from "../compile.ts";
import { fail } from "../errors.ts";
import type { FloatTensor } from "../methods/index.ts";
import { type Channels, Oracle, type OracleOptions } from "../methods/oracle.ts";
import type { ModelProto } from "../onnx/proto.ts";
import { canonicalJson, type Plan, type Recipe } from "../plan/index.ts";
import type { Tensor } from "../runtime/runtime.ts";
import type { Explainer } from "./explainer.ts";
import { apart, JOINT, joined, jointSession, type Part, partsOf } from "./joint.ts";
import { fetching, promote } from "./promote.ts";
import type { ExplainOptions } from "./types.ts";

type Feeds = Readonly<Record<string, Tensor>>;
type Asking = Pick<OracleOptions, "targets" | "score" | "signal" | "meter" | "batch">;

export interface Opened {
  readonly plan: Plan;
  /** Names of the explained values; several are laid end to end in one row. */
  readonly values: readonly string[];
  readonly explained: FloatTensor;
  /** Rows of the explained values, by name. */
  named(x: FloatTensor): Record<string, FloatTensor>;
  /** What the batch gives: all outputs, the logits. */
  readonly out: Record<string, Tensor>;
  readonly logits: FloatTensor;
  /** All other inputs. */
  readonly others: Feeds;
  /** With the explained values as inputs. */
  readonly model: ModelProto;
  readonly channels: Channels;
  oracle(channels: Channels, x: FloatTensor, feeds: Feeds, asking: Asking): Oracle;
}

/** `joint`: several explained inputs may be taken together. Errors: BadInput, BadRecipe, Runtime. */
export const openModel = async (
  lit: Explainer,
  x: Tensor | Feeds,
  options: Pick<ExplainOptions, "explain" | "output" | "onProgress" | "method">,
  joint = false,
): Promise<Opened> => {
  const plan = planOf(lit, options);
  const values = explainedBy(plan, options.method ?? "this", joint);
  const feeds = lit.feeds(x);
  const shapeOf = (name: string) => lit.facts.shapes.get(name)!;
  const model = values.reduce((from, name) => promote(from, name, shapeOf(name)), lit.model);
  options.onProgress?.("load");
  const first = await lit.session(canonicalJson({ forward: values, fetch: [plan.start, plan.output] }), () =>
    fetching(lit.model, [plan.start, plan.output, ...values]),
  );
  const out = await first.run(feeds);
  const tensors = Object.fromEntries(values.map((name) => [name, (feeds[name] ?? out[name]) as FloatTensor]));
  const laid = values.length > 1 ? partsOf(tensors) : [];
  const logits = out[plan.start] as FloatTensor;
  return {
    plan,
    values,
    explained: laid.length > 0 ? joined(tensors, laid) : tensors[values[0]!]!,
    named: (x) => (laid.length > 0 ? apart(x, laid) : { [values[0]!]: x }),
    out,
    logits,
    others: Object.fromEntries(Object.entries(feeds).filter(([name]) => !values.includes(name))),
    model,
    channels: channelsOf(lit, model, values, plan, laid),
    oracle: (channels, x, feeds, asking) =>
      new Oracle({
        ...asking,
        channels,
        x,
        feeds,
        start: plan.start,
        classes: logits.dims.slice(1),
        head: plan.head === "none" ? "softmax" : plan.head,
        fixed: shapeOf(values[0]!)[0] ?? undefined,
      }),
  };
};

/** Where scores are read and what is explained; nodes without a rule do not matter to it. */
const planOf = (lit: Explainer, { explain, output }: Pick<ExplainOptions, "explain" | "output">): Plan =>
  planModel(
    lit.model,
    lit.facts,
    { method: "gradient", onUnsupported: "detach", ...(explain && { explain }), ...(output && { output }) },
    lit.options,
  ).plan;

/** Several inputs only where the method moves them together. */
export const explainedBy = ({ explained }: Plan, method: string, joint = false): readonly string[] => {
  if (explained.length === 1 || joint) return explained;
  throw fail("BadRecipe", {
    what: `method '${method}' explains one input at a time`,
    why: `the model has ${explained.length}: ${explained.join(", ")}`,
    fix: "name one with --explain",
  });
};

/** `parts`: where several values are fed as one row. */
export const channelsOf = (
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
