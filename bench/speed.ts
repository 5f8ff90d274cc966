/** Times of artefacts against the bare forward run, in one process, side by side. */
import {
  type Artefact,
  compileModel,
  type EmitOptions,
  encodeModelBytes,
  type ModelProto,
  type Prepared,
  prepare,
  type Runtime,
  type Session,
} from "@backlit/core";
import { counts } from "./counts.ts";
import { alternating, type Clock, type Ratio, ratio, running, sideBySide, spread, timed } from "./measure.ts";
import { type NetworkName, networks, sample } from "./networks.ts";
import { BUDGET, recipes, recipesFor, type Timed, usualFor } from "./recipes.ts";
import { type Row, row } from "./report.ts";

export interface SpeedOptions {
  /** Rounds of each comparison. */
  readonly rounds: number;
  /** Recipes by name; those that suit the network unless given. */
  readonly recipes?: readonly string[];
  /** Ratios of the recipes only: no further targets, ledger or larger batch. */
  readonly ratiosOnly?: boolean;
  /** What the times are read from; the wall unless given. */
  readonly clock?: Clock;
  /** Samples of the larger batch. */
  readonly batch?: number;
  readonly onRow: (row: Row) => void;
}

export const speed = async (name: NetworkName, runtime: Runtime, options: SpeedOptions): Promise<void> => {
  const { rounds, onRow } = options;
  const source = await networks[name]();
  const [prepared, traceMs] = await timed(() => prepare(source, runtime));
  const { model } = prepared;
  onRow({ network: name, what: "trace", value: traceMs, unit: "ms" });
  const bench = new Bench(name, prepared, runtime, options);
  const bytes = encodeModelBytes(model);
  const [forward, ms] = await timed(() => runtime.createSession(bytes));
  onRow({ network: name, what: "session, forward", value: ms, unit: "ms" });
  try {
    const works = [running(forward, sample(model))];
    const [times] = await sideBySide(works, rounds, options.clock);
    onRow(row(name, "forward", "ms", spread(times!)));
    for (const label of options.recipes ?? recipesFor(name)) {
      const timedRecipe = recipes[label];
      if (timedRecipe) await bench.ratio(forward, label, timedRecipe);
    }
    if (options.ratiosOnly) return;
    const usual = recipes[usualFor(name)]!;
    await bench.targets(forward, usual);
    await bench.ledger(forward, usual);
    await bench.batch(forward, usual, options.batch ?? 16);
  } finally {
    await forward.release();
  }
};

class Bench {
  constructor(
    readonly network: NetworkName,
    readonly prepared: Prepared,
    readonly runtime: Runtime,
    readonly options: SpeedOptions,
  ) {}

  #compile({ recipe, options }: Timed, more: EmitOptions = {}): Artefact {
    return compileModel(this.prepared, recipe, { ...options, ...more });
  }

  #session(artefact: Artefact): Promise<Session> {
    return this.runtime.createSession(encodeModelBytes(artefact.model));
  }

  /** Times of the forward run and of some sessions, made for this and released after it. */
  async #beside(
    forward: Session,
    artefacts: readonly Artefact[],
    batch = 1,
    measure = sideBySide,
  ): Promise<readonly (readonly number[])[]> {
    const sessions: Session[] = [];
    try {
      for (const artefact of artefacts) sessions.push(await this.#session(artefact));
      const feeds = sample(this.prepared.model, batch);
      const rounds = batch === 1 ? this.options.rounds : Math.ceil(this.options.rounds / 4);
      return await measure(
        [forward, ...sessions].map((session) => running(session, feeds)),
        rounds,
        this.options.clock,
      );
    } finally {
      for (const session of sessions) await session.release();
    }
  }

  async ratio(forward: Session, label: string, wanted: Timed): Promise<void> {
    const { network } = this;
    const { onRow, ratiosOnly } = this.options;
    const [artefact, ms] = await timed(() => this.#compile(wanted));
    const [bare, explained] = await this.#beside(forward, [artefact], 1, alternating);
    onRow(row(network, label, "×", ratio(bare!, explained!), wanted.budget[network]));
    const [alone, settled] = await this.#beside(forward, [artefact]);
    onRow(row(network, `${label}, in turns`, "×", ratio(alone!, settled!)));
    if (ratiosOnly) return;
    onRow({ network, what: `${label}, compile`, unit: "ms", value: ms });
    const { nodes, reorders } = await counts(artefact.model);
    onRow({ network, what: `${label}, nodes in the runtime`, unit: "nodes", value: nodes });
    onRow({ network, what: `${label}, of which reorders`, unit: "nodes", value: reorders });
    onRow(row(network, `${label}, session`, "×", await this.#loading(artefact.model)));
  }

  /** Time to make a session of the artefact over that of the model. */
  async #loading(artefact: ModelProto): Promise<Ratio> {
    const [plain, explaining] = [this.prepared.model, artefact].map((model) => {
      const bytes = encodeModelBytes(model);
      return async () => (await this.runtime.createSession(bytes)).release();
    });
    const [bare, explained] = await alternating([plain!, explaining!], 3, this.options.clock);
    return ratio(bare!, explained!);
  }

  /** top:1, top:2 and top:5 in one run each: what a target more costs. */
  async targets(forward: Session, usual: Timed): Promise<void> {
    const counts = [1, 2, 5];
    const [bare, ...times] = await this.#beside(
      forward,
      counts.map((k) => this.#compile(usual, { target: { kind: "top", k } })),
    );
    for (const [i, k] of counts.entries()) this.options.onRow(row(this.network, `top:${k}`, "×", ratio(bare!, times[i]!)));
    const further = spread(bare!.map((ms, i) => (times[2]![i]! - times[0]![i]!) / 4 / ms));
    this.options.onRow(row(this.network, "each further target", "×", further, BUDGET.furtherTarget));
  }

  async ledger(forward: Session, usual: Timed): Promise<void> {
    const [bare, without, including] = await this.#beside(forward, [
      this.#compile(usual),
      this.#compile(usual, { ledger: true }),
    ]);
    const more = spread(bare!.map((ms, i) => (including![i]! - without![i]!) / ms));
    this.options.onRow(row(this.network, "ledger, in addition", "×", more, BUDGET.ledger));
  }

  async batch(forward: Session, usual: Timed, size: number): Promise<void> {
    const [bare, explained] = await this.#beside(forward, [this.#compile(usual)], size);
    const perSecond = (times: readonly number[]) => spread(times.map((ms) => (1000 * size) / ms));
    this.options.onRow(row(this.network, `batch ${size}, forward`, "images/s", perSecond(bare!)));
    this.options.onRow(row(this.network, `batch ${size}, explained`, "images/s", perSecond(explained!)));
    this.options.onRow(row(this.network, `batch ${size}`, "×", ratio(bare!, explained!)));
  }
}
