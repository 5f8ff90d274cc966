/** Relevance as outputs: one map after another, or with several classes all of them along a further axis. */
import { compiledMethods } from "../../compiled/index.ts";
import { fail } from "../../errors.ts";
import type { Shape } from "../../graph/facts.ts";
import { DataType } from "../../onnx/proto.ts";
import { difference } from "../../ops/index.ts";
import type { Plan } from "../../plan/index.ts";
import { type ChannelsOf, channelAxes } from "../channel-axes.ts";
import { channelScores, scoresOutput } from "../channel-scores.ts";
import { type Flow, multiplied, pair } from "../flow.ts";
import type { Ports } from "../ports.ts";
import type { Reference } from "../reference.ts";
import type { Layouts } from "../samples.ts";
import { Spoiler } from "../spoil.ts";
import type { Start } from "../start.ts";
import type { Target } from "../target.ts";
import type { Walks } from "./walks.ts";

interface Found {
  readonly plan: Plan;
  readonly start: Start;
  readonly walks: Walks;
  readonly layouts: Layouts;
  readonly reference: Reference | undefined;
}

export class Maps {
  readonly #ports: Ports;
  readonly #found: Found;
  readonly #spoiler: Spoiler;
  /** [K], where several classes are explained; else none. */
  readonly top: readonly number[];

  constructor(ports: Ports, found: Found, target: Target | undefined) {
    this.#ports = ports;
    this.#found = found;
    this.#spoiler = new Spoiler(ports.g, found.plan.samples, found.layouts);
    this.top = found.start.chosen !== undefined && target !== undefined ? several(target) : [];
  }

  /** The output `port`: the relevance of a value, in its shape with the classes as a further axis. */
  relevance(port: string, name: string): string {
    const { plan, start } = this.#found;
    const shape = this.#ports.g.facts.shapeOf(name);
    const axis = mapsAxis(plan, name);
    const maps = this.#relevance(name).map((map, k) => this.#spoiler.at(map, name, start.poisons[k]));
    const dims = [...shape.slice(0, axis), ...this.top, ...shape.slice(axis)];
    return this.#ports.output(port, this.#stacked(maps, axis), DataType.FLOAT, dims);
  }

  /** The output `port` of what has a row for each sample: [N(, K), …inner]. */
  rows(port: string, parts: readonly string[], inner: Shape): string {
    const rows = this.#rows(parts, inner.length + 1);
    return this.#ports.output(port, rows, DataType.FLOAT, [null, ...this.top, ...inner]);
  }

  /** Outputs with the scores of a value's channels, and where their maxima stand. */
  channels(of: ChannelsOf, name: string): ReturnType<typeof scoresOutput> {
    const { g } = this.#ports;
    const at = channelAxes(of, { name, facts: g.facts, samples: this.#found.plan.samples });
    const found = this.#relevance(name).map((map) => channelScores(g, at, map, name));
    const dims = [null, ...this.top, g.facts.shapeOf(name)[at.channels] ?? null];
    const part = (of: "scores" | "positions") => found.map((one) => one[of]);
    const [scores, positions] = [this.#rows(part("scores"), 3), this.#stacked(part("positions"), 1)];
    return scoresOutput(this.#ports, of.value, dims, { scores, positions });
  }

  #rows(parts: readonly string[], rank: number): string {
    const { poisons } = this.#found.start;
    return this.#stacked(
      parts.map((part, k) => this.#spoiler.along(part, poisons[k], { axis: 0, rank })),
      1,
    );
  }

  #stacked(parts: readonly string[], axis: number): string {
    const { g } = this.#ports;
    if (this.top.length === 0) return parts[0]!;
    return g.op(
      "Concat",
      parts.map((part) => g.op("Unsqueeze", [part, g.ints([axis])])),
      { axis },
    );
  }

  /** A map a class. */
  #relevance(name: string): readonly string[] {
    return this.#found.walks.at.map((at) => this.#of(at.get(name), name));
  }

  #of(flow: Flow | undefined, name: string): string {
    const { g } = this.#ports;
    const { plan, reference } = this.#found;
    const { recipe, steps } = plan;
    // On the path, but every way to it is held fixed.
    if (flow === undefined && steps.some(({ node }) => node.input.includes(name))) return g.mul(name, g.floats(0));
    if (flow === undefined)
      throw fail("BadRecipe", {
        what: `no relevance reaches '${name}'`,
        fix: "the output does not depend on it along a path that carries relevance",
      });
    if (reference !== undefined) return g.mul(multiplied(g, flow), difference(g, name, reference.of(name)));
    const map = multiplied(g, flow);
    const times = compiledMethods[recipe.method]!.times?.(recipe.params) ?? "nothing";
    return times === "nothing" ? map : multiplied(g, pair(times === "input" ? name : map, map));
  }
}

/** The axis along which the maps of several classes stand: behind that of the samples, in front where all is one sample. */
export const mapsAxis = ({ samples }: Pick<Plan, "samples">, value: string): number =>
  1 + (samples.of(value) ?? (samples.independent ? 0 : -1));

/** K, where a target is several classes. */
const several = (target: Target): readonly number[] =>
  target.kind === "top" ? [target.k] : target.kind === "list" ? [target.index.length] : [];
