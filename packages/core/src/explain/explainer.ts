/**
 * The library's front door: `load` a model, `explain` inputs. Compiled sessions are kept, so a second explanation with the
 * same recipe only runs; the target is then an input of the session.
 */
import { type Compiled, compileModel, type Planned, type PlanOptions, planModel } from "../compile.ts";
import type { Target } from "../emit/index.ts";
import { fail } from "../errors.ts";
import type { TraceFacts } from "../graph/facts.ts";
import type { TraceOptions } from "../graph/trace.ts";
import { findLabel, toFloat32 } from "../input/index.ts";
import { prepare } from "../lower/prepare.ts";
import type { Frame } from "../methods/index.ts";
import { classTensor } from "../methods/score.ts";
import {
  DataType,
  decodeModel,
  encodeModel,
  encodeModelBytes,
  filesOf,
  type ModelProto,
  pointingInto,
  tensorType,
  type ValueInfoProto,
} from "../onnx/index.ts";
import { canonicalJson, type Plan, type Recipe, type ResolvedRecipe, recipeHash, sha256 } from "../plan/index.ts";
import type { Runtime, Session, Tensor } from "../runtime/runtime.ts";
import { VERSION } from "../version.ts";
import { attribute, type MethodRecipe, methodNamed } from "./attribute.ts";
import { type Asked, askedOf, checkIndex, type SampleTargets } from "./classes.ts";
import { withFiniteOutput } from "./finite.ts";
import { checkConserved, type Ledger, readLedgers } from "./ledger.ts";
import { fetching } from "./promote.ts";

export interface LoadOptions extends TraceOptions, PlanOptions {
  readonly runtime: Runtime;
  /** Class names, by index. */
  readonly labels?: readonly string[];
  /** For messages. */
  readonly name?: string;
  /** The bytes, decoded, where the caller has done so. */
  readonly model?: ModelProto;
  /** SHA-256 of the file in hexadecimal, asked for once. Default: WebCrypto's, which copies the bytes. */
  readonly sha256?: () => Promise<string>;
}

export interface Choices extends Recipe {
  /** `"top"` (the winner, default), `"top:K"`, a class index or label, `"i,j"` for outputs of several axes, `"input"` when compiling. */
  readonly target?: string | number;
  /** Values inside the graph whose relevance is wanted too. */
  readonly layers?: readonly string[];
  readonly ledger?: boolean;
}

export interface ExplainOptions extends Omit<Choices, "target"> {
  /** As in `Choices`, or one class for each sample: a list of indices, each several for outputs of several axes. */
  readonly target?: Choices["target"] | SampleTargets;
  /** Fail when the ledger does not add up. Implies `ledger`. */
  readonly strict?: boolean;
  /** The output's relevance (LRP) or cotangent (gradients), for seed "vector". */
  readonly seedVector?: Tensor;
  readonly signal?: AbortSignal;
  /** Called before each stage with its name. */
  readonly onProgress?: (stage: "compile" | "load" | "run") => void;
  /** For methods that ask the model more than once: called with the number of rows done, and of those known to come, these included. */
  readonly onRows?: (done: number, total: number) => void;
  /** Rows in one pass; default: found by trying. */
  readonly batch?: number;
  /** Seed of the random numbers; default 0. */
  readonly random?: number;
  /** Reference inputs, [M, …] in the shape of samples: for expected gradients, DeepSHAP, baseline "mean". */
  readonly references?: Tensor;
  /** What is perturbed together: a number for each value, in the shape of one sample or of the batch; axes may have size 1. */
  readonly groups?: Tensor;
}

export interface RelevanceMap extends Tensor {
  readonly type: "float32";
  readonly data: Float32Array;
}

export interface Explanation {
  /** The explained output, as the original model gives it; in float32 where that has another float type. */
  readonly output: Tensor;
  /** All outputs of the model that are tensors, by name. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Explained classes per sample: one index (or several axes' indices), or K of them. */
  readonly target: readonly (readonly number[])[];
  /** Of the (first) explained value: its shape, or [N, K, …] with top:K. */
  readonly relevance: RelevanceMap;
  /** By explained value. */
  readonly relevances: Readonly<Record<string, RelevanceMap>>;
  readonly layers: Readonly<Record<string, RelevanceMap>>;
  /** One per sample, or per sample and target. */
  readonly ledger?: readonly Ledger[];
  readonly recipe: ResolvedRecipe | MethodRecipe;
  /** How far the map is uncertain, where the method says so. */
  readonly spread?: RelevanceMap;
  /** Steps on the way to the map, for methods that have some. */
  readonly frames?: readonly Frame[];
  /** Numbers the method found by the way, one a sample (and class): f at the root point, its distance. */
  readonly details?: Readonly<Record<string, readonly number[]>>;
  readonly hash: string;
  readonly notices: readonly string[];
  /** Milliseconds. */
  readonly timings: { readonly compile: number; readonly load: number; readonly run: number };
}

interface Ready extends Compiled {
  readonly session: Session;
  readonly timings: { readonly compile: number; readonly load: number };
}

export class Explainer implements AsyncDisposable {
  readonly #sessions = new Map<string, Promise<Ready>>();
  readonly #others = new Map<string, Promise<Session>>();
  #hash: Promise<string> | undefined;

  private constructor(
    readonly bytes: Uint8Array,
    /** As lowered: plain float32 operators; inputs and outputs are the file's, in float32. */
    readonly model: ModelProto,
    readonly facts: TraceFacts,
    readonly options: LoadOptions,
  ) {}

  /** Reads, traces and lowers a model. Errors: BadFile, BadModel, Unsupported, Runtime. */
  static async load(bytes: Uint8Array, options: LoadOptions): Promise<Explainer> {
    const { model, facts } = await prepare(options.model ?? decodeModel(bytes, options.name), options.runtime, options);
    return new Explainer(bytes, model, facts, options);
  }

  /** SHA-256 of the model file. */
  get sha256(): Promise<string> {
    this.#hash ??= this.options.sha256?.() ?? sha256(this.bytes);
    return this.#hash;
  }

  /** What each node is, which rule it gets and why. */
  inspect(choices: Choices = {}): Planned {
    return planModel(this.model, this.facts, choices, this.options);
  }

  /** The artefact as chunks to write one after another; weights are views on the model's bytes. Errors: BadRecipe, BadTarget, Unsupported. */
  async compile(choices: Choices = {}): Promise<Compiled & { readonly chunks: readonly Uint8Array[] }> {
    const compiled = await this.#compile(choices, this.target(choices.target));
    return { ...compiled, chunks: encodeModel(compiled.model) };
  }

  /** Explains a batch. `x`: the input, or all inputs by name; any float type serves where the model takes one. Errors: BadInput (shape, NaN), BadModel (the output is NaN), BadTarget, Runtime, NotConserved, Aborted. */
  async explain(x: Tensor | Readonly<Record<string, Tensor>>, options: ExplainOptions = {}): Promise<Explanation> {
    const method = methodNamed(options.method);
    if (method !== undefined) return withFiniteOutput(await attribute(this, method, x, options));
    const feeds = this.feeds(x);
    const target = this.asked(options.target);
    // One session serves every class: the index is fed.
    const indices = target.kind === "index" ? [target.index] : target.kind === "each" ? target.index : undefined;
    const fed = indices !== undefined && options.seed !== "vector";
    const ready = await this.#session(
      { ...options, ledger: options.ledger || options.strict || false },
      fed ? { kind: "input" } : target.kind === "each" ? { kind: "argmax" } : target,
      options,
    );
    const { names, plan, session } = ready;
    for (const index of indices ?? []) checkIndex(index, classAxes(ready));
    if (indices !== undefined && indices.length > 1) checkCount(indices.length, feeds, plan);
    if (names.targetInput && indices !== undefined) feeds[names.targetInput] = classTensor(indices);
    if (names.seedInput) {
      if (!options.seedVector) throw fail("BadInput", { what: "seed 'vector' needs the vector", fix: "give it as seedVector" });
      feeds[names.seedInput] = options.seedVector;
    }
    options.onProgress?.("run");
    aborted(options.signal);
    const started = performance.now();
    const out = await session.run(feeds);
    const run = performance.now() - started;
    aborted(options.signal);
    const relevances = mapValues(names.relevance, (name) => out[name] as RelevanceMap);
    const first = relevances[plan.explained[0]!]!;
    const ledger = names.ledger
      ? readLedgers(out[names.ledger]!, ready.ledgerRows, sums(Object.values(relevances), rowsOf(out[names.ledger]!)))
      : undefined;
    if (options.strict) ledger?.forEach(checkConserved);
    const outputs = Object.fromEntries(
      this.model.graph.output.flatMap(({ name }) => (out[name] === undefined ? [] : [[name, out[name]]])),
    );
    return withFiniteOutput({
      output: out[plan.output] ?? Object.values(outputs)[0]!,
      outputs,
      target: names.target ? rows(out[names.target]!) : [],
      relevance: first,
      relevances,
      layers: mapValues(names.layers, (name) => out[name] as RelevanceMap),
      ...(ledger && { ledger }),
      recipe: plan.recipe,
      hash: await recipeHash(plan.recipe),
      notices: ready.notices,
      timings: { ...ready.timings, run },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...[...this.#sessions.values()].map(async (ready) => (await ready).session), ...this.#others.values()];
    this.#sessions.clear();
    this.#others.clear();
    await Promise.all(open.map(async (session) => (await session.catch(() => undefined))?.release()));
  }

  /** A session of a model made from this one, kept until the explainer is disposed of. */
  session(key: string, make: () => ModelProto): Promise<Session> {
    const known = this.#others.get(key);
    if (known) return known;
    const { runtime, source = {} } = this.options;
    const made = runtime.createSession(encodeModelBytes(pointingInto(make(), source.file)), filesOf(source));
    this.#others.set(key, made);
    made.catch(() => this.#others.delete(key));
    return made;
  }

  /** As `target`; a list is one class a sample. */
  asked(target: ExplainOptions["target"]): Asked {
    return typeof target === "object" ? askedOf(target) : this.target(target);
  }

  /** What a target means: its kind, the class behind a label. Errors: BadTarget. */
  target(target: string | number = "top"): Target {
    if (typeof target === "number") return { kind: "index", index: [target] };
    if (target === "top" || target === "argmax") return { kind: "argmax" };
    if (target === "input") return { kind: "input" };
    const top = /^top:(.*)$/.exec(target)?.[1];
    if (top !== undefined) {
      const k = Number(top);
      if (!Number.isInteger(k) || k < 1)
        throw fail("BadTarget", { what: `target '${target}'`, fix: "top:K takes a whole number, as in top:5" });
      return { kind: "top", k };
    }
    if (/^-?\d+(,-?\d+)*$/.test(target)) return { kind: "index", index: target.split(",").map(Number) };
    const { labels } = this.options;
    if (!labels)
      throw fail("BadTarget", {
        what: `target '${target}'`,
        why: "this model comes without labels",
        fix: "give the class as an index",
      });
    return { kind: "index", index: [findLabel(labels, target)] };
  }

  async #compile(choices: Omit<Choices, "target">, target: Target, float32 = false): Promise<Compiled> {
    const contrast = typeof choices.seed === "object" ? choices.seed.contrast : undefined;
    const named = typeof contrast === "string" ? this.target(contrast) : undefined;
    return compileModel(this.model, this.facts, choices, {
      ...this.options,
      target,
      float32,
      ...(choices.layers && { layers: choices.layers }),
      ...(choices.ledger && { ledger: true }),
      ...(contrast !== undefined && { contrast: named?.kind === "index" ? named.index[0]! : (contrast as number) }),
      metadata: { "backlit.version": VERSION, "backlit.model.sha256": await this.sha256 },
    });
  }

  #session(choices: Omit<Choices, "target">, target: Target, { onProgress, signal }: ExplainOptions): Promise<Ready> {
    const { method, composite, rules, seed, score, ties, explain, output, params, onUnsupported, layers, ledger } = choices;
    const key = canonicalJson({
      method,
      composite,
      rules,
      seed,
      score,
      ties,
      explain,
      output,
      params,
      onUnsupported,
      layers,
      ledger,
      target,
    });
    const known = this.#sessions.get(key);
    if (known) return known;
    const made = (async (): Promise<Ready> => {
      onProgress?.("compile");
      aborted(signal);
      const t0 = performance.now();
      const compiled = await this.#compile(choices, target, true);
      const { runtime, source = {} } = this.options;
      const bytes = encodeModelBytes(pointingInto(fetching(compiled.model, [compiled.plan.output]), source.file));
      const t1 = performance.now();
      onProgress?.("load");
      aborted(signal);
      const session = await runtime.createSession(bytes, filesOf(source));
      return { ...compiled, session, timings: { compile: t1 - t0, load: performance.now() - t1 } };
    })();
    this.#sessions.set(key, made);
    made.catch(() => this.#sessions.delete(key));
    return made;
  }

  /** All inputs by name, checked and in the types the lowered model takes. Errors: BadInput. */
  feeds(x: Tensor | Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    const initializers = new Set(this.model.graph.initializer.map((t) => t.name));
    const inputs = this.model.graph.input.filter((input) => !initializers.has(input.name));
    if (inputs.length === 0)
      throw fail("BadModel", {
        what: "the model has no inputs",
        why: "its output is always the same",
        fix: "export it with its inputs",
      });
    const given = isTensor(x) ? { [inputs[0]!.name]: x } : x;
    for (const name of Object.keys(given))
      if (!inputs.some((input) => input.name === name))
        throw fail("BadInput", {
          what: `the model has no input '${name}'`,
          fix: `its inputs are ${inputs.map((i) => i.name).join(", ")}`,
        });
    const feeds: Record<string, Tensor> = {};
    for (const input of inputs) {
      const tensor = Object.hasOwn(given, input.name) ? given[input.name] : undefined;
      if (!tensor)
        throw fail("BadInput", {
          what: `input '${input.name}' is missing`,
          fix: `the model needs all of ${inputs.map((i) => i.name).join(", ")}`,
        });
      feeds[input.name] = typed(input, tensor);
      checkInput(input.name, feeds[input.name]!, this.facts.shapes.get(input.name));
    }
    return feeds;
  }
}

/** Reads a model and prepares it for explanations: `await using lit = await load(bytes, { runtime })`. */
export const load = (bytes: Uint8Array, options: LoadOptions): Promise<Explainer> => Explainer.load(bytes, options);

const isTensor = (x: Tensor | Readonly<Record<string, Tensor>>): x is Tensor =>
  Array.isArray(x.dims) && typeof x.type === "string";

/** The tensor as the lowered model takes it: all floats are float32 there. */
const typed = ({ name, type }: ValueInfoProto, tensor: Tensor): Tensor => {
  const wanted = tensorType(type?.tensorType?.elemType ?? DataType.FLOAT);
  if (tensor.type === wanted) return tensor;
  if (wanted === "float32" && tensor.type.startsWith("float")) return toFloat32(tensor);
  throw fail("BadInput", {
    what: `a tensor of ${tensor.type}`,
    where: `input '${name}'`,
    why: `the model takes ${wanted}`,
    fix: "give the values in that type",
  });
};

/** The shape must fit, and floats must be finite: NaN in, nonsense out. */
const checkInput = (name: string, { dims, data, type }: Tensor, shape: readonly (number | null)[] | undefined): void => {
  const where = `input '${name}'`;
  const size = dims.reduce((a, b) => a * b, 1);
  if (data.length !== size)
    throw fail("BadInput", {
      what: `${data.length} values are given where ${dims.join("×")} are ${size}`,
      where,
      fix: "make dims and data agree",
    });
  if (shape && (dims.length !== shape.length || shape.some((d, i) => d !== null && d !== dims[i])))
    throw fail("BadInput", {
      what: `shape ${dims.join("×")} does not fit`,
      where,
      why: `the model takes ${shape.map((d) => d ?? "any").join("×")}`,
    });
  if (type !== "float32") return;
  const values = data as Float32Array;
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]!)) {
      const count = values.reduce((n, v) => (Number.isFinite(v) ? n : n + 1), 0);
      throw fail("BadInput", {
        what: `${count} of ${values.length} values are ${Number.isNaN(values[i]!) ? "NaN" : "infinite"}`,
        where,
        fix: "clean the input",
      });
    }
};

const classAxes = ({ canonical, plan }: Ready) =>
  canonical.facts.shapeOf(plan.start).filter((_, axis) => axis !== plan.batchAxis);
/** A list of classes has one for each sample. */
const checkCount = (count: number, feeds: Readonly<Record<string, Tensor>>, { batchAxis, explained }: Plan): void => {
  const samples = (feeds[explained[0]!] ?? Object.values(feeds)[0])?.dims[0];
  if (batchAxis !== 0 || samples === count) return;
  throw fail("BadTarget", { what: `${count} classes for ${samples} samples`, fix: "give one class, or one for each sample" });
};
const rows = (t: Tensor): number[][] => {
  const width = t.dims.slice(1).reduce((a, b) => a * b, 1);
  const flat = Array.from(t.data as BigInt64Array, Number);
  return Array.from({ length: t.dims[0] ?? 1 }, (_, i) => flat.slice(i * width, (i + 1) * width));
};
const rowsOf = (table: Tensor): number => table.dims.slice(0, -2).reduce((a, b) => a * b, 1);
/** Σ R and Σ|R| per map, over all explained values. */
const sums = (maps: readonly RelevanceMap[], count: number): { sum: number; size: number }[] =>
  Array.from({ length: count }, (_, k) => {
    let sum = 0;
    let size = 0;
    for (const { data } of maps) {
      const width = data.length / count;
      for (let i = k * width; i < (k + 1) * width; i++) {
        sum += data[i]!;
        size += Math.abs(data[i]!);
      }
    }
    return { sum, size };
  });
const mapValues = <A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([k, v]) => [k, f(v)]));
const aborted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
};
