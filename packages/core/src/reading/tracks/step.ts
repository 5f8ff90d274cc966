/** One node of the walk, as its transfer sees it. */
import type { Facts } from "../../graph/facts.ts";
import type { GraphNode } from "../../graph/graph.ts";
import { getInt, getInts } from "../../onnx/attributes.ts";
import { fromFront } from "../../ops/axes.ts";
import type { AxisRole } from "../roles.ts";
import { NOTHING, union } from "./mix.ts";
import { type Origins, WEIGHT } from "./origins.ts";
import { type Axis, broadcast, type Track, withMixed } from "./track.ts";

/** The tracks of a node's outputs; undefined: nothing is known of what it does. */
export type Transfer = (step: Step) => readonly Track[] | Track | undefined;

export class Step {
  constructor(
    readonly node: GraphNode,
    /** By input; undefined for constants. */
    readonly tracks: readonly (Track | undefined)[],
    readonly facts: Facts,
    readonly origins: Origins,
    readonly dimsOf: (value: string) => readonly number[] | undefined,
  ) {}

  /** Of the first output. */
  get dims(): readonly number[] {
    return this.dimsOf(this.node.output.find((name) => name !== "") ?? "") ?? [];
  }

  inputDims(i: number): readonly number[] {
    return this.dimsOf(this.node.input[i] ?? "") ?? [];
  }

  /** All that vary. */
  get varying(): readonly Track[] {
    return this.tracks.filter((track) => track !== undefined);
  }

  /** A track of these axes, mixing what the varying inputs mix and the parts given. */
  made(axes: readonly Axis[], mixed: readonly Axis[] = []): Track {
    const { varying } = this;
    const base = { axes, mixed: union(varying.map((t) => t.mixed)), unsure: union(varying.map((t) => t.unsure)) };
    return withMixed(base, mixed.flat());
  }

  elementwise(): Track {
    return broadcast(this.varying, this.dims, this.origins);
  }

  fresh(size: number | undefined, role?: AxisRole, why = "", weight = 0): Axis {
    if (size === undefined) return [];
    const part = this.origins.fresh(size);
    if (role !== undefined) this.origins.tell(part.origin, role, why, weight);
    return [part];
  }

  /** What this node tells of an axis; of one that is several things together, nothing. */
  tell(axis: Axis | undefined, role: AxisRole, why: string, weight: number): void {
    const large = (axis ?? []).filter(({ size }) => size > 1);
    const [only, ...others] = large.length > 0 && weight >= WEIGHT.norm ? large : (axis ?? []);
    if (only !== undefined && others.length === 0) this.origins.tell(only.origin, role, why, weight);
  }

  axis(fallback: number, rank = this.inputDims(0).length): number {
    return fromFront(getInt(this.node, "axis", fallback), rank);
  }

  /** The attribute `axes` or the constant input i, counted from the front. */
  axes(rank: number, i = 1): readonly number[] | undefined {
    return (getInts(this.node, "axes") ?? this.facts.numbers(this.node.input[i]))?.map((axis) => fromFront(axis, rank));
  }
}

/** Nothing is known of what a node does: new axes, and whatever went in may be mixed. */
export const unknown = ({ tracks, node, dimsOf, origins }: Step): readonly Track[] => {
  const varying = tracks.filter((track) => track !== undefined);
  const origin = varying.flatMap(({ axes }) => axes.flat().map((part) => part.origin));
  const unsure = union(
    varying.flatMap((track) => [track.unsure, track.mixed]),
    origin,
  );
  return node.output.map((name) => ({
    axes: (dimsOf(name) ?? []).map((size) => (size > 1 ? [origins.fresh(size)] : [])),
    mixed: NOTHING,
    unsure,
  }));
};
