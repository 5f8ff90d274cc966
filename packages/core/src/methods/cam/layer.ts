/**
 * The layer a class activation map is made of. Unless named: the last value on the way to the logits that still is a map. A pool after it
 * only makes it coarser and is left out; a batch norm, an activation and a residual sum are part of it. In transformers only the class token may be
 * read after the last attention: there it is what goes into that attention, its normalization included.
 */

import type { MethodParameter } from "../../cards/parameters.ts";
import { fail } from "../../errors.ts";
import { opName } from "../../graph/graph.ts";
import type { Step } from "../../plan/index.ts";
import { type AxisReading, type AxisRole, isChannel } from "../../reading/index.ts";
import { attentionsOf } from "../attention/matrices.ts";
import type { Task } from "../method.ts";
import { type Frame, frameOf, gridOf } from "./frame.ts";

export const LAYER: MethodParameter = {
  what: "the value inside the model the map is made of, by its name in the file; empty: the last one that is a map",
  default: "",
};

export interface Layer {
  readonly value: string;
  /** Its axis of channels, not counting that of the samples. */
  readonly channels: number;
  /** It was found, not named. */
  readonly found: boolean;
}

/** Errors: BadRecipe for a name that does not exist, Unsupported for a model without maps. */
export const layerOf = (task: Pick<Task, "inside" | "params" | "x" | "kind">): Layer => {
  const { inside, params } = task;
  const frame = frameOf(task);
  const channels = (value: string) => channelAxis(inside.axes(value));
  const named = String(params.layer ?? "");
  if (named !== "") {
    if (inside.shape(named) === undefined)
      throw fail("BadRecipe", { what: `no value '${named}'`, where: "layer", fix: "inspect lists the values of the model" });
    const axis = channels(named);
    if (axis === undefined) throw noChannels(named);
    return { value: named, channels: axis, found: false };
  }
  const isMap = (value: string) => value !== inside.start && isMapIn(frame, inside.shape(value), channels(value));
  const attentions = attentionsOf(inside.steps);
  const last = inside.steps.findLastIndex((step) => MAKERS.has(step.role.kind) && !pools(step) && isMap(step.node.output[0]!));
  const attention = inside.steps.findLastIndex(({ node }) => attentions.some(({ product }) => product === node.output[0]));
  const before = inside.steps.findLastIndex(
    ({ role, node }, k) => k < attention && role.kind === "normalization" && isMap(node.output[0]!),
  );
  const convolved = inside.steps.some(
    (step, k) => k > attention && CONVOLUTIONS.has(opName(step.node)) && isMap(step.node.output[0]!),
  );
  const step = inside.steps[attention >= 0 && before >= 0 && !convolved ? before : last];
  if (step === undefined) {
    const open = inside.steps.find(
      ({ node, role }) =>
        MAKERS.has(role.kind) && (inside.axes(node.output[0]!)?.length ?? 0) > 1 && channels(node.output[0]!) === undefined,
    );
    throw fail("Unsupported", {
      what: "the model has no map to make a class activation map of",
      why: "no value between input and logits has channels and positions",
      fix: `name one with the parameter layer${open === undefined ? "" : ` and its channels with --channel-axis ${open.node.output[0]}=k`}, or take another method`,
    });
  }
  const value = step.node.output[0]!;
  return { value, channels: channels(value)!, found: true };
};

/** The one axis that counts channels (of tokens: features). */
const channelAxis = (axes: readonly AxisReading[] | undefined): number | undefined => {
  const among = (is: (role: AxisRole) => boolean) => (axes ?? []).flatMap(({ role }, axis) => (is(role) ? [axis] : []));
  const [all, strict] = [among(isChannel), among((role) => role === "channel")];
  return all.length === 1 ? all[0] : strict.length === 1 ? strict[0] : undefined;
};

const noChannels = (value: string) =>
  fail("BadRecipe", {
    what: `which axis of '${value}' counts channels is not known`,
    where: "layer",
    fix: `say it with --channel-axis ${value}=k, or name another value`,
  });

const CONVOLUTIONS = new Set(["Conv", "ConvTranspose"]);
/** Kinds of nodes whose result is worth looking at: what only moves or pools values is not. */
const MAKERS = new Set(["linear", "sum", "scale", "shift", "activation", "product", "normalization", "structural"]);

/** A sum of one value is an average over positions; what moves values counts where it puts several side by side. */
const pools = ({ role: { kind }, inputs, node }: Step): boolean =>
  (kind === "sum" && inputs.length < 2) || (kind === "structural" && opName(node) !== "Concat");

/** More than one position, and positions like the input's. */
const isMapIn = (frame: Frame, shape: readonly (number | null)[] | undefined, channels: number | undefined): boolean => {
  if (shape === undefined || shape.length < 3 || channels === undefined) return false;
  const sizes = shape.slice(1).filter((_, axis) => axis !== channels);
  const [count = null] = sizes;
  if (sizes.length === 1 && frame.sizes.length === 2) return count === null || gridOf(count, frame.sizes) !== undefined;
  return sizes.length === frame.sizes.length && sizes.some((size) => size !== 1);
};
