/**
 * The layer a class activation map is made of. Unless named: the last value on the way to the logits that still is a map. A pool after it
 * only makes it coarser and is left out; a batch norm, an activation and a residual sum are part of it. In transformers only the class token may be
 * read after the last attention: there it is what goes into that attention, its normalization included.
 */
import { fail } from "../errors.ts";
import { opName } from "../graph/graph.ts";
import { getInts } from "../onnx/attributes.ts";
import type { Step } from "../plan/index.ts";
import { attentionsOf } from "./attention-matrices.ts";
import { type Frame, frameOf, gridOf, type Side } from "./cam-frame.ts";
import type { MethodParameter } from "./card.ts";
import type { Task } from "./method.ts";

export const LAYER: MethodParameter = {
  what: "the value inside the model the map is made of, by its name in the file; empty: the last one that is a map",
  default: "",
};

export interface Layer {
  readonly value: string;
  /** Where its channels lie; unknown where the plan does not say. */
  readonly channels: Side | undefined;
  /** It was found, not named. */
  readonly found: boolean;
}

/** Errors: BadRecipe for a name that does not exist, Unsupported for a model without maps. */
export const layerOf = ({ inside, params, x }: Pick<Task, "inside" | "params" | "x">): Layer => {
  const frame = frameOf(x.dims, inside.embedded);
  const channels = channelSides(inside.steps);
  const named = String(params.layer ?? "");
  if (named !== "") {
    if (inside.shape(named) === undefined)
      throw fail("BadRecipe", { what: `no value '${named}'`, where: "layer", fix: "inspect lists the values of the model" });
    return { value: named, channels: channels.get(named), found: false };
  }
  const isMap = (value: string) => value !== inside.start && isMapIn(frame, inside.shape(value), channels.get(value));
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
  if (step === undefined)
    throw fail("Unsupported", {
      what: "the model has no map to make a class activation map of",
      why: "no value between input and logits has positions",
      fix: "name one with the parameter layer, or take another method",
    });
  const value = step.node.output[0]!;
  return { value, channels: channels.get(value), found: true };
};

const CONVOLUTIONS = new Set(["Conv", "ConvTranspose"]);
/** Kinds of nodes whose result is worth looking at: what only moves or pools values is not. */
const MAKERS = new Set(["linear", "sum", "scale", "shift", "activation", "product", "normalization", "structural"]);

/** A sum of one value is an average over positions; what moves values counts where it puts several side by side. */
const pools = ({ role: { kind }, inputs, node }: Step): boolean =>
  (kind === "sum" && inputs.length < 2) || (kind === "structural" && opName(node) !== "Concat");

/** More than one position, and positions like the input's. */
const isMapIn = (frame: Frame, shape: readonly (number | null)[] | undefined, channels: Layer["channels"]): boolean => {
  if (shape === undefined || shape.length < 3) return false;
  const rest = shape.slice(1);
  if (rest.length === 2 && frame.sizes.length === 2) return rest[0] === null || gridOf(rest[0]!, frame.sizes) !== undefined;
  const sizes = channels === "last" ? rest.slice(0, -1) : rest.slice(1);
  return sizes.length === frame.sizes.length && sizes.some((size) => size !== 1);
};

/** Norms over a batch's or a sample's positions; all others stand on the last axis. */
const FIRST_NORMS = new Set(["BatchNormalization", "InstanceNormalization", "GroupNormalization", "LRN"]);

/** Values whose channel axis is known: first behind a convolution, last behind a matrix product or a layer norm; what keeps the shape keeps the axis. */
const channelSides = (steps: readonly Step[]): Map<string, Side> => {
  const sides = new Map<string, Side>();
  for (const step of steps) {
    const inherited = step.node.input.map((name) => sides.get(name)).find((known) => known !== undefined);
    const side = sideOf(step, inherited);
    if (side !== undefined) for (const name of step.node.output) sides.set(name, side);
  }
  return sides;
};

const sideOf = ({ node, role }: Step, inherited: Side | undefined): Side | undefined => {
  const op = opName(node);
  if (CONVOLUTIONS.has(op)) return "first";
  if (role.kind === "linear") return "last";
  if (op === "Transpose" && inherited !== undefined) {
    const perm = getInts(node, "perm") ?? [];
    const at = perm.indexOf(inherited === "first" ? 1 : perm.length - 1);
    return at === 1 ? "first" : at > 1 && at === perm.length - 1 ? "last" : undefined;
  }
  if (role.kind === "structural") return op === "Concat" ? inherited : undefined;
  return inherited ?? (role.kind === "normalization" && !FIRST_NORMS.has(op) ? "last" : undefined);
};
