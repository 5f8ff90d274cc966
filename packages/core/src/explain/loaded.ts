/** A model that is read, traced and lowered, with its sessions: what every way of explaining stands on. */
import type { Planned } from "../compile/index.ts";
import type { Target } from "../emit/index.ts";
import { fail } from "../errors.ts";
import type { TraceFacts } from "../graph/facts.ts";
import type { TracedModel } from "../graph/traced-model.ts";
import { encodeModelBytes, filesOf, type ModelProto, pointingInto } from "../onnx/index.ts";
import { scoringOf } from "../oracle/score.ts";
import { type Plan, sha256 } from "../plan/index.ts";
import type { Session } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Asked, askedOf, sharedPosition } from "./classes.ts";
import { feedsOf } from "./feeds.ts";
import { readIdentity } from "./identity.ts";
import { type OutlineAsked, outlineOf } from "./outline.ts";
import { fetching } from "./promote.ts";
import { Sessions, sessionBytes } from "./sessions.ts";
import { readTarget } from "./target-words.ts";
import type { Choices, ExplainOptions, LoadOptions } from "./types.ts";
import { checkNamed, indicesOf, readOutputs, settleValues } from "./value-target.ts";

export class LoadedModel implements AsyncDisposable {
  readonly #outlines = new Map<string, Planned>();
  readonly #others = new Map<string, Promise<Session>>();
  readonly #kept: Sessions;
  #hash: Promise<string> | undefined;
  #identity: Promise<string> | undefined;

  protected constructor(
    readonly bytes: Uint8Array,
    readonly traced: TracedModel,
    readonly options: LoadOptions,
  ) {
    this.#kept = new Sessions(options.sessionBytes);
  }

  /** As lowered: plain float32 operators; inputs and outputs are the file's, in float32. */
  get model(): ModelProto {
    return this.traced.model;
  }

  get facts(): TraceFacts {
    return this.traced.facts;
  }

  /** SHA-256 of the model file. */
  get sha256(): Promise<string> {
    this.#hash ??= this.options.sha256?.() ?? sha256(this.bytes);
    return this.#hash;
  }

  /** Of the model over all its files, as `modelIdentity` has it. Errors: BadInput where its weight files cannot be read. */
  get identity(): Promise<string> {
    this.#identity ??= this.options.identity?.() ?? this.sha256.then((own) => readIdentity(this.bytes, own, this.options));
    return this.#identity;
  }

  /** All inputs by name, checked and in the types the lowered model takes. Errors: BadInput. */
  feeds(x: Tensor | Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    return feedsOf(this.model, this.facts, x, this.options.held);
  }

  /** The same choices with `value` and `value:NAME` as the output and index they name. Errors: BadTarget. */
  settled<C extends Pick<ExplainOptions, "target" | "output">>(choices: C): C {
    return settleValues(choices, this.options.labels, (output) => this.#outputs(output));
  }

  /** Of several values one has to be named. Errors: BadTarget. */
  checkNamed(choices: Pick<ExplainOptions, "target" | "output">, plan: Plan): void {
    const sizes = sizesBehind({ dims: this.facts.shapes.get(plan.start) ?? [1] }, plan);
    const width = sizes.reduce<number | null>((n, size) => (n === null || size === null ? null : n * size), 1);
    checkNamed(choices, { reading: plan.reading, width }, (output) => this.#outputs(output), this.options.labels);
  }

  #outputs = (output: string | undefined) => readOutputs(this.traced.model, (asked) => this.outline(asked), output);

  /**
   * Which values are explained, where relevance starts and what the output's numbers mean, whatever operators the model has: the
   * plan of its gradient. Errors: BadRecipe for names that do not exist or do not fit; BadModel without a float output.
   */
  outline({ explain, output }: OutlineAsked = {}): Planned {
    // It is asked for before every explanation, and is always the same.
    const key = JSON.stringify([explain, output]);
    const outline = this.#outlines.get(key) ?? outlineOf(this.traced, this.options, { explain, output });
    this.#outlines.set(key, outline);
    return outline;
  }

  /** One output of a batch as the model gives it, the first unless another is named; a quantised model's own. Errors: BadInput, BadRecipe, Runtime. */
  async predict(x: Tensor | Readonly<Record<string, Tensor>>, { output }: Pick<OutlineAsked, "output"> = {}): Promise<Tensor> {
    const name = this.outline({ output }).plan.output;
    const { quantised } = this.facts;
    const own = quantised?.graph.output.some((one) => one.name === name);
    const session = own
      ? await this.session("quantised", () => quantised!)
      : await this.session(JSON.stringify({ predict: name }), () => fetching(this.model, [name]));
    return (await session.run(this.feeds(x), [name]))[name]!;
  }

  /** As `target`; a bare list is one class a sample. */
  asked(target: ExplainOptions["target"], output?: string): Asked {
    return Array.isArray(target) ? askedOf(target) : this.target(target as Choices["target"], output);
  }

  /** What a target means: its kind, the classes behind labels. Errors: BadTarget. */
  target(target?: Choices["target"], output?: string): Target {
    return this.#read(target, output).target;
  }

  #read = (target: Choices["target"], output: string | undefined) =>
    readTarget(target, this.options.labels, () => indicesOf(this.#outputs(output)));

  /** B of `A minus B`: the class a target is explained against. Errors: BadTarget, where another seed is asked for besides. */
  against({
    target,
    seed,
    output,
  }: { readonly [K in "target" | "seed" | "output"]?: ExplainOptions[K] | undefined }): number | undefined {
    if (target === undefined || Array.isArray(target)) return undefined;
    const { target: own, against } = this.#read(target as Choices["target"], output);
    if (against === undefined) return undefined;
    const rival = against.length === 1 ? against[0]! : this.#sharedPosition(own, against, output);
    const same = typeof seed === "object" && seed.contrast === rival; // as a resolved recipe says it
    if (seed === undefined || same) return rival;
    throw fail("BadTarget", {
      what: `target '${target}' with a seed`,
      why: "it says what is explained",
      fix: "leave the seed out",
    });
  }

  #sharedPosition(own: Target, against: readonly number[], output: string | undefined): number {
    const { canonical, plan } = this.outline({ output });
    const axes = sizesBehind({ dims: canonical.facts.shapeOf(plan.start) }, plan);
    return sharedPosition(own.kind === "index" ? own.index : [], against, axes, scoringOf(plan));
  }

  /** A session of a model made from this one, kept until the explainer is disposed of. */
  session(key: string, make: () => ModelProto): Promise<Session> {
    const known = this.#others.get(key);
    if (known) return known;
    const made = this.open(make());
    this.#others.set(key, made);
    made.catch(() => this.#others.delete(key));
    return made;
  }

  /** Large weights stay where they are: in the file's own bytes, where it can be read again. */
  #encoded(model: ModelProto): Uint8Array {
    return encodeModelBytes(pointingInto(model, this.options.source?.file));
  }

  /** A session among those kept; `closed` is called when it makes room for others. */
  protected open(model: ModelProto, closed?: () => void): Promise<Session> {
    const { runtime, source = {} } = this.options;
    const open = () => runtime.createSession(this.#encoded(model), filesOf(source));
    return this.#kept.keep({ bytes: sessionBytes(model), open, ...(closed && { closed }) });
  }

  /** Closes its sessions, as the end of `await using` does: for JavaScript older than that. */
  async release(): Promise<void> {
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#others.values()];
    this.#others.clear();
    await Promise.allSettled(open);
    await this.#kept[Symbol.asyncDispose]();
  }
}

/** Sizes after the batch. */
export const sizesBehind = <T>({ dims }: { readonly dims: readonly T[] }, { batchAxis }: Plan): readonly T[] =>
  dims.filter((_, axis) => axis !== batchAxis);
