/** What is left when no operator and no name tells: how many axes there are, and how long they are. */
import type { AxisRole } from "./roles.ts";

export interface Guess {
  readonly role: AxisRole;
  readonly why: string;
}

const POSITIONS: readonly (readonly AxisRole[])[] = [[], ["time"], ["height", "width"], ["depth", "height", "width"]];
const CHANNELS: readonly AxisRole[] = ["channel", "feature"];
/** Pictures have no more channels than this, and more pixels along each side. */
const FEW = 4;

/** Roles of the axes that have none yet. `known`: by axis, without batch axes. */
export const guessed = (
  known: readonly (AxisRole | undefined)[],
  dims: readonly number[],
  isFloat: boolean,
): readonly (Guess | undefined)[] => {
  const open = known.flatMap((role, axis) => (role === undefined ? [axis] : []));
  if (open.length === 0) return known.map(() => undefined);
  const batch = known.indexOf("batch");
  const others = dims.length - (batch >= 0 ? 1 : 0);
  const all = (roles: readonly (AxisRole | undefined)[], why: string) =>
    known.map((role, axis) => (role === undefined && roles[axis] !== undefined ? { role: roles[axis]!, why } : undefined));
  if (others <= 1)
    return all(
      dims.map(() => (isFloat ? "feature" : "token")),
      "the only axis beside the batch",
    );
  const channel = channelOf(known, dims, batch);
  const spaces = [...(POSITIONS[others - 1] ?? [])];
  const taken = new Set(known);
  const free = spaces.filter((role) => !taken.has(role));
  const roles = known.map((role, axis): AxisRole | undefined =>
    role !== undefined ? undefined : axis === channel.axis ? "channel" : free.shift(),
  );
  return all(roles, channel.why);
};

const channelOf = (
  known: readonly (AxisRole | undefined)[],
  dims: readonly number[],
  batch: number,
): { readonly axis: number; readonly why: string } => {
  const axis = known.findIndex((role) => role !== undefined && CHANNELS.includes(role));
  if (axis >= 0) return { axis, why: "what is left beside its channels" };
  const open = known.flatMap((role, i) => (role === undefined && i !== batch ? [i] : []));
  if (open.length < dims.length - 1 - (batch < 0 ? 0 : 1) + 1 && open.length === 1)
    return { axis: open[0]!, why: "what is left beside its positions" };
  const [first = 0, last = first] = [open[0], open.at(-1)];
  const few = dims.length >= 4 ? dims[last]! <= FEW && dims[first]! > FEW : dims[last]! < dims[first]!;
  return few
    ? { axis: last, why: "by size: its last axis is the short one" }
    : { axis: first, why: "by size and custom: channels before positions" };
};
