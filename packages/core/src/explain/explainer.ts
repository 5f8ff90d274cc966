/**
 * The library's front door: `load` a model, `explain` inputs. Compiled sessions are kept, so a second explanation with the
 * same recipe only runs; the target is then an input of the session.
 */

import { type Compiled, comparing, compileModel, type Planned, planModel } from "../compile/index.ts";
import { compiledMethods } from "../compiled/index.ts";
import type { Target } from "../emit/index.ts";
import { fail } from "../errors.ts";
import type { TracedModel } from "../graph/traced-model.ts";
import { checkBeside } from "../methods/beside.ts";
import { decodeModel, encodeModel } from "../onnx/index.ts";
import { classTensor } from "../oracle/score.ts";
import { canonicalJson } from "../plan/index.ts";
import { classNamesIn } from "../reading/class-names.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { VERSION } from "../version.ts";
import { type UsualToken, usualToken } from "./absent-tokens.ts";
import type { AimList } from "./aim-list.ts";
import { foundBoxes } from "./aims/box.ts";
import type { RowsModel } from "./aims/few-rows.ts";
import { type Aimed, aimsOf, namesAim, outputOf } from "./aims/index.ts";
import { type Asked as AskedOfAuto, type Taken, taken, takenAsMade, takesTable, type UsualRow, usualRow } from "./automatic.ts";
import { type Asked, checkedIndex, isMany } from "./classes.ts";
import type { Condition } from "./conditions/index.ts";
import { checkConditioned, conditionRows, listOf, maskFeeds, masksOf, sizesIn } from "./conditions/index.ts";
import { explanationOf } from "./explanation.ts";
import { fetchedSource } from "./fetched-source.ts";
import { withFiniteOutput } from "./finite.ts";
import { asCompiled, referencesIdentity, referencesMetadata } from "./given-references.ts";
import { identityMetadata } from "./identity.ts";
import { rowRunsOf, runInRows } from "./in-rows.ts";
import { LoadedModel, sizesBehind } from "./loaded.ts";
import { methodNamed } from "./method-named.ts";
import { checkChoices, checkLoadOptions } from "./options.ts";
import type { Pieces } from "./pieces.ts";
import { preparedFor } from "./prepared-for.ts";
import { fetching } from "./promote.ts";
import type { Ready } from "./ready.ts";
import { checkCount } from "./run-values.ts";
import { mayTurn } from "./turned-signs.ts";
import type { Choices, ExplainOptions, Explanation, LoadOptions } from "./types.ts";

/** A loaded model that explains: `load` makes it, `release` (or `await using`) closes its sessions. */
export class Explainer extends LoadedModel {
  readonly #sessions = new Map<string, Promise<Ready>>();
  readonly #rows = new Map<string, (RowsModel & { readonly lit: Explainer }) | undefined>();

  /** Reads, traces and lowers a model. Errors: BadFile, BadModel, BadRecipe (an option that there is not), Unsupported, Runtime. */
  static async load(bytes: Uint8Array, options: LoadOptions): Promise<Explainer> {
    checkLoadOptions(options);
    const file = options.model ?? decodeModel(bytes, options.name);
    const source = await fetchedSource(file, options.source);
    const labels = options.labels ?? classNamesIn(file)?.names;
    const traced = await preparedFor(file, { ...options, ...(source && { source }) }, labels?.length);
    const reading = { ...(labels && { labels: labels.length }), ...options.reading };
    return new Explainer(bytes, traced, { ...options, ...(source && { source }), ...(labels && { labels }), reading });
  }

  /** What each node is, which rule it gets and why, in what `explain` would do without references. Errors: BadRecipe, BadTarget, Unsupported. */
  inspect(asked: Choices = {}): Planned {
    const ignored = checkChoices("inspect", asked as ExplainOptions);
    const { choices, notices } = this.automatic(this.settled(asked));
    const compared = comparing(choices, choices.references !== undefined && reads(choices.method));
    const planned = planModel(this.traced, this.#against(compared), { ...this.options, asked: isAsked(choices) });
    return { ...planned, notices: [...ignored, ...planned.notices, ...notices] };
  }

  /**
   * What `explain` takes where nobody chose a method: on tables the difference from references or a usual row, where one is known, as the
   * same choices with the method named. Artefacts, ledgers and inner values take relevance. Errors: BadRecipe for a mean that does not fit.
   */
  automatic<C extends AskedOfAuto>(choices: C): Taken<C> {
    const { target, ...others } = choices;
    if (!namesAim(this, choices)) return taken(this, choices);
    const found = taken(this, others as C);
    return { ...found, choices: { ...found.choices, target } };
  }

  /** The value that is explained: the output asked for, or what the target's words and the model's kind make of it; undefined: the first. Errors: BadTarget. */
  outputOf(choices: Pick<ExplainOptions, "target" | "output">): string | undefined {
    return outputOf(this, choices);
  }

  /** Whether rows of a table are explained. */
  get takesTable(): boolean {
    return takesTable(this);
  }

  /** The row of a table that the mean given or the model's own scaler makes the usual one; undefined where neither does. Errors: BadRecipe for a mean that does not fit. */
  usualRow(choices: Pick<Choices, "explain" | "output"> = {}): UsualRow | undefined {
    return usualRow(this, choices);
  }

  /** The token of a text that stands for absence where nobody says another; undefined where no text is explained, or no tokenizer knows one. Errors: BadRecipe. */
  usualToken({ explain, output }: Pick<Choices, "explain" | "output"> = {}): UsualToken | undefined {
    return usualToken(this, this.outline({ explain, output }).plan);
  }

  /** Where a detector's boxes are found, and why; undefined for models that are none, and where something has to be said first. */
  get detects(): { readonly value: string; readonly why: string } | undefined {
    return foundBoxes(this);
  }

  /** The artefact as chunks to write one after another; weights are views on the model's bytes. Errors: BadRecipe, BadTarget, Unsupported. */
  async compile(asked: Choices = {}): Promise<Compiled & { readonly chunks: readonly Uint8Array[] }> {
    const ignored = checkChoices("compile", asked);
    const { baked } = await import("./aims/bake.ts"); // a page that explains does not need it
    const { choices, notices } = takenAsMade(this, baked(this, this.settled(asked)));
    const compiled = await this.#compile(this.#against(choices), this.target(choices.target, choices.output));
    this.checkNamed(choices, compiled.plan);
    return { ...compiled, notices: [...ignored, ...compiled.notices, ...notices], chunks: encodeModel(compiled.model) };
  }

  /** Explains a batch. `x`: the input, or all inputs by name; any float type serves where the model takes one. Errors: BadInput (shape, NaN), BadModel (the output is NaN), BadRecipe (also for options that nothing reads), BadTarget, Runtime, NotConserved, Aborted. */
  async explain(x: Tensor | Readonly<Record<string, Tensor>>, asked: ExplainOptions = {}): Promise<Explanation> {
    const ignored = checkChoices("explain", asked);
    const { choices, notices } = this.automatic(this.settled(asked));
    checkConditioned(methodNamed(choices.method)?.card.name, choices);
    const list = listOf(choices);
    const aimed = await aimsOf(this, x, choices);
    if (aimed?.several && list !== undefined) throw manyOfBoth();
    const run = (own: ExplainOptions, aims?: Aimed) =>
      list === undefined ? this.#explainClasses(x, own, aims) : this.#explainList(x, list, own);
    const placed = methodNamed(choices.method) === undefined ? aimed : undefined;
    const explanation = placed ? await this.#explainPlaces(x, placed, choices, run) : await run(choices, aimed);
    return { ...explanation, notices: [...ignored, ...explanation.notices, ...notices] };
  }

  /** Places by compiled passes; few explanations need it. */
  async #explainPlaces(x: Given, aimed: Aimed, choices: ExplainOptions, run: (own: ExplainOptions) => Promise<Explanation>) {
    const [{ explainAims }, { rowsModel, wholeNumbers }] = await Promise.all([
      import("./aims/explained.ts"),
      import("./aims/few-rows.ts"),
    ]);
    const few = (start: string) => {
      const rows = listOf(choices) === undefined ? this.#rowsAt(start, rowsModel) : undefined;
      if (rows === undefined) return undefined;
      const { lit, input, output } = rows;
      return {
        output,
        run: (positions: readonly number[], own: ExplainOptions) =>
          lit.#explain({ ...this.feeds(x), [input]: wholeNumbers(positions) }, own),
      };
    };
    return await explainAims(this, aimed, choices, { run, few });
  }

  /** The same model, of which only the logits at given positions are asked. */
  #rowsAt(
    start: string,
    rowsModel: (traced: TracedModel, start: string) => RowsModel | undefined,
  ): (RowsModel & { readonly lit: Explainer }) | undefined {
    if (!this.#rows.has(start)) {
      const rows = this.facts.quantised === undefined ? rowsModel(this.traced, start) : undefined;
      this.#rows.set(start, rows && { ...rows, lit: new Explainer(this.bytes, rows.traced, this.options) });
    }
    return this.#rows.get(start);
  }

  /** Every condition for every sample. */
  async #explainList(x: Given, conditions: readonly Condition[], choices: ExplainOptions): Promise<Explanation> {
    if (["top", "list"].includes(this.#asked(choices).kind)) throw manyOfBoth();
    const pieces = this.#pieces(x, choices);
    if (pieces === undefined)
      throw fail("BadRecipe", {
        what: "a list of conditions",
        why: "samples do not lie along the first axis of what is explained",
        fix: "explain one condition after another",
      });
    const { explainList } = await import("./conditions/list.ts"); // few explanations need it
    return await explainList(pieces, conditions, choices);
  }

  /** One run, or where more classes are asked for than one serves, several. */
  async #explainClasses(x: Given, choices: ExplainOptions, aimed?: Aimed): Promise<Explanation> {
    const plain = aimed === undefined && choices.conditions === undefined && choices.seedVector === undefined;
    const target = plain && methodNamed(choices.method) === undefined ? this.#asked(choices) : undefined;
    const pieces = target && isMany(target) ? this.#pieces(x, choices) : undefined;
    if (pieces === undefined) return await this.#explain(x, choices, aimed);
    const { explainMany } = await import("./many-classes.ts");
    return await explainMany(this, pieces, target!, choices);
  }

  #asked({ target, output }: ExplainOptions): Asked {
    return this.asked(target as Exclude<typeof target, AimList>, output);
  }

  /** The batch as rows of which several may be one sample's; undefined where samples are no rows. */
  #pieces(x: Given, choices: ExplainOptions): Pieces | undefined {
    const feeds = this.feeds(x);
    const { plan } = planModel(this.traced, this.#against(choices), { ...this.options, asked: isAsked(choices) });
    const { samples, explained } = plan;
    if (!samples.independent || explained.some((name) => samples.of(name) !== 0)) return undefined;
    const all = Object.entries(feeds);
    const batch = (feeds[explained[0]!] ?? all[0]![1]).dims[0]!;
    const repeats = all.every(([name]) => samples.of(name) === 0 && this.facts.shapes.get(name)?.[0] === null);
    return { feeds, samples: batch, repeats, explain: (fed, own) => this.#explain(fed, own) };
  }

  async #explain(x: Given, options: ExplainOptions, aimed?: Aimed): Promise<Explanation> {
    const { method } = options;
    if (method !== undefined && methodNamed(method) !== undefined) {
      const { attribute } = await import("./attribute.ts"); // most explanations are one compiled pass
      return await this.#finite(await attribute(this, x, { ...options, method }, aimed), x);
    }
    checkBeside(options.method ?? "lrp", {}, options);
    const feeds = this.feeds(x);
    const target = this.#asked(options);
    const conditions = conditionRows(options);
    const masks = masksOf(conditions);
    // One session serves every class: the index is fed.
    const given = target.kind === "index" ? [target.index] : target.kind === "each" ? target.index : undefined;
    const seeded = options.seed === "vector" || options.seed === "direction";
    const fed = given !== undefined && !seeded;
    const ready = await this.#session(
      { ...this.#against(options), masks, ledger: options.ledger || options.strict || false },
      fed ? { kind: "input" } : seeded ? { kind: "argmax" } : (target as Target),
      options,
    );
    const { names, plan, session } = ready;
    this.checkNamed(options, plan);
    const indices = given?.map((index) =>
      checkedIndex(index, sizesBehind({ dims: ready.canonical.facts.shapeOf(plan.start) }, plan), plan.reading),
    );
    if (indices !== undefined && indices.length > 1) checkCount(indices.length, feeds, plan);
    if (names.targetInput && indices !== undefined) feeds[names.targetInput] = classTensor(indices);
    if (names.seedInput) {
      if (!options.seedVector)
        throw fail("BadInput", { what: `seed '${options.seed}' needs the vector`, fix: "give it as seedVector" });
      feeds[names.seedInput] = options.seedVector;
    }
    if (masks.length > 0)
      Object.assign(feeds, await maskFeeds(ready, masks, conditions, sizesIn(this, { ...feeds }, plan.samples)));
    options.onProgress?.("run");
    aborted(options.signal);
    const started = performance.now();
    const pieces = rowRunsOf(plan, options);
    const out = await (pieces === undefined ? session.run(feeds) : runInRows(session, feeds, pieces));
    const run = performance.now() - started;
    aborted(options.signal);
    const asked = { target, seeded, strict: options.strict === true };
    const explanation = await explanationOf(ready, { feeds, out, run }, asked, this);
    return await this.#finite(explanation, x);
  }

  /** Node and cause are looked for where something is no number. */
  #finite(explanation: Explanation, x: Tensor | Readonly<Record<string, Tensor>>): Promise<Explanation> {
    return withFiniteOutput(explanation, async () => {
      try {
        const { brokenNode, oddities } = await import("./broken-node.ts"); // few outputs are no number
        const session = await this.session("oddities", () => oddities(this.model, this.facts.shapes));
        return await brokenNode(this.model, session, this.feeds(x));
      } catch {
        return undefined; // what is said besides is true without it
      }
    });
  }

  /** Closes all sessions, those that are still being opened too. */
  override async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.allSettled([...open, ...[...this.#rows.values()].map((rows) => rows?.lit.release())]);
    await super[Symbol.asyncDispose]();
  }

  /** B of `A minus B` of the whole output; places take it off themselves. Errors: BadTarget, where another seed is asked for besides. */
  override against(choices: Parameters<LoadedModel["against"]>[0]): number | undefined {
    const { target, output } = choices;
    return namesAim(this, { target, output }) ? undefined : super.against(choices);
  }

  /** The same choices with `A minus B` as the seed it is: e_A − e_B. */
  #against<C extends Pick<ExplainOptions, "target" | "seed" | "output">>(choices: C): C {
    const contrast = this.against(choices);
    return contrast === undefined ? choices : { ...choices, seed: { contrast } };
  }

  async #compile(choices: Omit<Choices, "target">, target: Target, float32 = false): Promise<Compiled> {
    const contrast = typeof choices.seed === "object" ? choices.seed.contrast : undefined;
    const named = typeof contrast === "string" ? this.target(contrast) : undefined;
    return compileModel(this.traced, choices, {
      ...this.options,
      asked: isAsked(choices),
      target,
      float32,
      evidence: float32, // a session's own; what is written to a file has it not
      ...(choices.layers && { layers: choices.layers }),
      ...(choices.ledger && { ledger: true }),
      ...(choices.channels && { channels: choices.channels.map(byName) }),
      ...(choices.masks && { masks: choices.masks.map(byName) }),
      ...(choices.only && { only: true }),
      ...(choices.references && { references: asCompiled(choices.references, (given) => this.feeds(given)) }),
      ...(contrast !== undefined && { contrast: named?.kind === "index" ? named.index[0]! : (contrast as number) }),
      // What a session computes does not hang on it, and weight files take their time.
      ...(!float32 && {
        metadata: {
          "backlit.version": VERSION,
          ...identityMetadata(await this.sha256, await this.identity),
          ...(await referencesMetadata(choices.references)),
        },
      }),
    });
  }

  async #session(choices: Omit<Choices, "target">, target: Target, { onProgress, signal }: ExplainOptions): Promise<Ready> {
    const { recipe, method, composite, rules, activation, stabilizer, seed, start, score, ties } = choices;
    const { explain, output, params, onUnsupported, layers, ledger, masks, only, channels } = choices;
    const key = canonicalJson({
      recipe,
      method,
      composite,
      rules,
      activation,
      stabilizer,
      seed,
      start,
      score,
      ties,
      explain,
      output,
      params,
      onUnsupported,
      layers,
      ledger,
      masks,
      only,
      channels,
      target,
      references: choices.references && (await referencesIdentity(choices.references)),
    });
    const known = this.#sessions.get(key);
    if (known) return known;
    const made = (async (): Promise<Ready> => {
      onProgress?.("compile");
      aborted(signal);
      const t0 = performance.now();
      const compiled = await this.#compile(choices, target, true);
      const { plan, names } = compiled;
      const beside = names.float === undefined ? [] : [names.float];
      const fetched = fetching(compiled.model, [
        plan.output,
        ...beside,
        ...plan.explained,
        ...(mayTurn(plan) ? [plan.start] : []),
      ]);
      const t1 = performance.now();
      onProgress?.("load");
      aborted(signal);
      const session = await this.open(fetched, () => this.#sessions.delete(key));
      return { ...compiled, session, timings: { compile: t1 - t0, load: performance.now() - t1 } };
    })();
    this.#sessions.set(key, made);
    made.catch(() => this.#sessions.delete(key));
    return made;
  }
}

/** Reads a model and prepares it for explanations: `await using lit = await load(bytes, { runtime })`. */
export const load = (bytes: Uint8Array, options: LoadOptions): Promise<Explainer> => Explainer.load(bytes, options);

type Given = Tensor | Readonly<Record<string, Tensor>>;

const byName = <C extends { readonly value: string }>(of: string | C): { readonly value: string } | C =>
  typeof of === "string" ? { value: of } : of;

const reads = (method: string | undefined): boolean => compiledMethods[method ?? ""]?.takesReferences === true;

/** A recipe file, or rules of one's own, say what they mean; names keep the sign contract. */
const isAsked = ({ recipe, rules }: Pick<Choices, "recipe" | "rules">): boolean => recipe === undefined && rules === undefined;

const manyOfBoth = () => fail("BadRecipe", { what: "several classes and several conditions at once", fix: "name one class" });

const aborted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
};
