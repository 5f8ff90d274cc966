/** What every axis of every value counts: what operators tell, what is said, what names and sizes suggest, in the order of their weight. */
import { fail } from "../errors.ts";
import type { Facts } from "../graph/facts.ts";
import type { Graph } from "../graph/graph.ts";
import { DataType, type ValueInfoProto } from "../onnx/proto.ts";
import { guessed } from "./by-size.ts";
import { roleOfName } from "./names.ts";
import { type ReadingOptions, rolesOfLayout } from "./options.ts";
import type { AxisReading, AxisRole } from "./roles.ts";
import { originsOf } from "./tracks/mix.ts";
import { type Origins, WEIGHT } from "./tracks/origins.ts";
import type { Axis } from "./tracks/track.ts";
import { type Tracks, tracksOf } from "./tracks/walk.ts";

export interface AxesReading {
  /** By input, axis by axis. */
  readonly inputs: Readonly<Record<string, readonly AxisReading[]>>;
  /** Of any value; unknown roles where nothing tells. Undefined for values without a known rank. */
  of(value: string): readonly AxisReading[] | undefined;
}

const UNKNOWN: AxisReading = { role: "unknown", why: "nothing tells" };
const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16];

export const axesOf = (
  graph: Graph,
  facts: Facts,
  options: ReadingOptions,
): { readonly axes: AxesReading; readonly tracks: Tracks } => {
  const tracks = tracksOf(graph, facts);
  tellSaid(graph, tracks, options);
  for (const input of graph.inputs) tellInput(input, tracks);
  const chosen = channelsSaid(options, tracks);
  const joined = joinedRows(graph, tracks);
  for (const { name } of graph.inputs) tellSquare(name, tracks, joined);
  const of = (value: string): readonly AxisReading[] | undefined => {
    const track = tracks.of(value);
    if (track === undefined) return facts.shape(value)?.map(() => UNKNOWN);
    const own = track.axes.map((axis) => readingOf(axis, tracks.origins, joined));
    const channel = chosen.get(value);
    if (channel === undefined) return own;
    return own.map((axis, i) => (i === channel ? SAID : isChannel(axis.role) ? UNKNOWN : axis));
  };
  return { axes: { inputs: Object.fromEntries(graph.inputs.map(({ name }) => [name, of(name) ?? []])), of }, tracks };
};

const SAID: AxisReading = { role: "channel", why: "said with --channel-axis" };
/** Whether an axis counts channels or features. */
export const isChannel = (role: AxisRole): boolean => role === "channel" || role === "feature";
/** Axes along which neighbours lie next to each other. */
export const SPATIAL: readonly AxisRole[] = ["depth", "height", "width", "time"];

const JOINED: AxisReading = { role: "node", why: "every output depends on all of its rows together" };

/** Rows that are samples reach some output one by one. */
const joinedRows = (graph: Graph, { of, origins }: Tracks): ReadonlySet<number> => {
  const outputs = graph.outputs.flatMap(({ name }) => of(name) ?? []);
  const rows = graph.inputs.flatMap(({ name }) => of(name)?.axes.map(([part]) => origins.find(part!.origin)) ?? []);
  const within = (set: Iterable<number>) => new Set([...set].map((origin) => origins.find(origin)));
  const seen = outputs.map(({ axes, mixed, unsure }) => ({
    mixed: within(originsOf(mixed)),
    open: within([...originsOf(unsure), ...axes.flat().map(({ origin }) => origin)]),
  }));
  return new Set(
    rows.filter(
      (row) => seen.some(({ mixed }) => mixed.has(row)) && !seen.some(({ mixed, open }) => open.has(row) && !mixed.has(row)),
    ),
  );
};

/** A matrix over nodes has as many rows as columns: who is joined with whom. */
const tellSquare = (input: string, { of, origins, dimsOf }: Tracks, joined: ReadonlySet<number>): void => {
  const parts = of(input)!.axes.map(([part]) => part!);
  const dims = dimsOf(input) ?? [];
  const isNode = (axis: number) =>
    joined.has(origins.find(parts[axis]!.origin)) || origins.told(parts[axis]!.origin)?.role === "node";
  for (const [axis, { origin }] of parts.entries()) {
    const guessed = (origins.told(origin)?.weight ?? 0) <= WEIGHT.size;
    const square = guessed && dims.some((size, other) => other !== axis && size > 1 && size === dims[axis] && isNode(other));
    if (square && !isNode(axis)) origins.tell(origin, "node", "as many as its nodes", WEIGHT.name);
  }
};

/** Several parts are one thing only where they count the same. */
const readingOf = (axis: Axis, origins: Origins, joined: ReadonlySet<number>): AxisReading => {
  const large = axis.filter(({ size }) => size > 1);
  const parts = large.length > 0 ? large : axis.slice(0, 1);
  const told = parts.map(({ origin }) => origins.told(origin));
  const [first, ...others] = told;
  if (first?.role === "batch" && parts.some(({ origin }) => joined.has(origins.find(origin)))) return JOINED;
  if (others.every((other) => other?.role === first?.role))
    return first === undefined ? UNKNOWN : { role: first.role, why: first.why };
  const roles = told.map((one) => one?.role ?? "unknown");
  const why = `${roles.join(" × ")} in one axis`;
  if (roles.every((role) => SPATIAL.includes(role))) return { role: "token", why };
  return { role: roles.includes("batch") || roles.includes("unknown") ? "unknown" : "feature", why };
};

const tellSaid = (graph: Graph, { of, origins }: Tracks, { layout, batchAxis }: ReadingOptions): void => {
  if (layout !== undefined) {
    const roles = rolesOfLayout(layout);
    const fitting = graph.inputs.filter((input) => isFloat(input) && of(input.name)?.axes.length === roles.length);
    if (fitting.length === 0)
      throw fail("BadRecipe", {
        what: `layout '${layout}'`,
        why: `no float input has ${roles.length} axes`,
        fix: "one letter an axis",
      });
    for (const { name } of fitting)
      of(name)!.axes.forEach(([part], axis) => {
        origins.tell(part!.origin, roles[axis]!, `said with --layout ${layout}`, WEIGHT.said);
      });
  }
  if (typeof batchAxis !== "number") return;
  for (const { name } of graph.inputs) {
    const axes = of(name)!.axes;
    const part = axes[batchAxis < 0 ? batchAxis + axes.length : batchAxis]?.[0];
    if (part !== undefined) origins.tell(part.origin, "batch", `said with --batch-axis ${batchAxis}`, WEIGHT.said);
  }
};

const isFloat = (input: ValueInfoProto): boolean => FLOATS.includes(input.type?.tensorType?.elemType ?? DataType.FLOAT);

/** Names of its sizes; then the first axis is the batch, and what is left goes by size. */
const tellInput = (input: ValueInfoProto, { of, origins, dimsOf }: Tracks): void => {
  const parts = of(input.name)!.axes.map(([part]) => part!);
  const dims = dimsOf(input.name) ?? [];
  parts.forEach(({ origin }, axis) => {
    const param = input.type?.tensorType?.shape?.[axis]?.param;
    const role = roleOfName(param);
    if (role !== undefined) origins.tell(origin, role, `its size is called ${param}`, WEIGHT.name);
  });
  const roleOf = (axis: number) => origins.told(parts[axis]!.origin)?.role;
  const hasBatch = parts.some((_, axis) => roleOf(axis) === "batch");
  if (!hasBatch && parts.length > 1 && roleOf(0) === undefined)
    origins.tell(parts[0]!.origin, "batch", "the first axis", WEIGHT.first);
  guessed(
    parts.map((_, axis) => roleOf(axis)),
    dims,
    isFloat(input) || input.type?.tensorType?.elemType === DataType.STRING, // columns of texts
  ).forEach((guess, axis) => {
    if (guess !== undefined) origins.tell(parts[axis]!.origin, guess.role, guess.why, WEIGHT.size);
  });
};

const channelsSaid = ({ channelAxis = {} }: ReadingOptions, { of, dimsOf }: Tracks): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(channelAxis).map(([value, given]) => {
      const rank = of(value)?.axes.length ?? dimsOf(value)?.length;
      const axis = given < 0 ? given + (rank ?? 0) : given;
      if (rank !== undefined && Number.isInteger(axis) && axis >= 0 && axis < rank) return [value, axis];
      throw fail("BadRecipe", {
        what: `channel axis ${value}=${given}`,
        why: rank === undefined ? `the model has no value '${value}' that depends on its inputs` : `it has ${rank} axes`,
        fix: "name a value and one of its axes, counted from 0",
      });
    }),
  );
