/**
 * Raw heads: detectors that were exported without what makes boxes of their maps. Outputs lie on grids of several scales; what their numbers
 * are is read from how they are joined, from class names, and from the anchors that are given.
 */
import type { Facts } from "../../../graph/facts.ts";
import type { Graph } from "../../../graph/graph.ts";
import { producersOf } from "../../../graph/producers.ts";
import { maxOf } from "../../../numeric/extremes.ts";
import { getInt } from "../../../onnx/attributes.ts";
import type { ReadingOptions } from "../../options.ts";
import type { Values } from "../../output/interval.ts";
import { rangesOf } from "../../output/range.ts";
import { ANCHOR_NAMES, anchorsFor, type ScaleAnchors } from "./anchors.ts";
import type { BoxDecoder } from "./box-decoders.ts";
import { type FeatureMap, mapsOf } from "./maps.ts";
import { beforeSigmoid, type Part } from "./parts.ts";
import { type Roles, rolesOf } from "./roles.ts";

export type { BoxDecoder } from "./box-decoders.ts";
export type { FeatureMap } from "./maps.ts";
export { beforeSigmoid, type Part } from "./parts.ts";

export interface HeadScale {
  readonly stride: number;
  /** Width, height of each anchor. */
  readonly anchors?: ScaleAnchors;
  readonly boxes: Part;
  readonly scores: Part;
  readonly objectness?: Part;
}

export interface RawHeads {
  readonly decoder: BoxDecoder;
  /** The finest first. */
  readonly scales: readonly HeadScale[];
  readonly link: "none" | "sigmoid" | "softmax";
  readonly why: string;
  readonly notice?: string;
}

/** What has to be said before boxes can be made of the maps. */
interface UnreadHeads {
  readonly why: string;
  readonly fix: string;
  /** Whether it can be nothing else: maps of several scales, each half as fine as the one before. */
  readonly sure: boolean;
}

export type Heads = { readonly read: RawHeads } | { readonly unread: UnreadHeads };

type Asked = Pick<ReadingOptions, "anchors" | "boxDecoder" | "labels">;

/** Undefined for models whose outputs are none. Errors: BadRecipe for anchors that do not fit. */
export const readRawHeads = (graph: Graph, facts: Facts, { anchors: said, boxDecoder, labels }: Asked): Heads | undefined => {
  const made = producersOf(graph.nodes);
  const values: Values = { facts, producer: (value) => made.get(value) };
  const maps = mapsOf(graph, values);
  if (maps === undefined) return undefined;
  const ranges = rangesOf(values);
  const scales = scalesOf(maps);
  const strides = scales.map(([map]) => map!.stride);
  const anchors = said === undefined || said === "none" ? undefined : anchorsFor(said, strides);
  const decoder = boxDecoder ?? anchors?.decoder;
  const roles = scales.map((own, k) => {
    const given = anchors?.scales[k];
    return rolesOf({ maps: own, labels, decoder, ...(given && { anchors: given.length / 2 }) }, values, ranges);
  });
  const names = graph.outputs
    .map(({ name }) => `'${name}'`)
    .slice(0, 3)
    .join(", ");
  const what = `${names}${graph.outputs.length > 3 ? ", …" : ""} ${graph.outputs.length === 1 ? "is a raw head" : "are raw heads"}`;
  const sure = said !== undefined || boxDecoder !== undefined || areScales(scales, values);
  if (!roles.every((one) => one !== undefined) || new Set(roles.map((one) => one.decoder)).size > 1)
    return { unread: { why: `${what}, and nothing tells boxes from scores in it`, fix: HOW_TO_SAY, sure } };
  if (roles.some(({ anchored }) => anchored && anchors === undefined))
    return {
      unread: {
        why: `${what} of ${roles[0]!.boxes.anchors} anchors a cell, whose sizes the file does not hold`,
        fix: GIVE_ANCHORS,
        sure,
      },
    };
  const read = headsOf({ scales, roles, values, ranges, anchors: anchors?.scales });
  const from = `${strides.join(", ")} pixels a cell`;
  return {
    read: {
      ...read,
      why: `${what} of ${from}; boxes are made of them as '${read.decoder}' says`,
      ...(anchors?.of !== undefined && { notice: `anchors are the published ones of ${anchors.of}` }),
    },
  };
};

const HOW_TO_SAY =
  "give the class names (--labels), the anchors (--anchors NAME|FILE|w,h,…), or how boxes are made (--box-decoder NAME)";
const GIVE_ANCHORS = `--anchors yolov5 takes the published ones (also ${ANCHOR_NAMES.filter((name) => name !== "yolov5").join(", ")}), --anchors FILE or w,h,w,h,… your own; config.json may hold them as backlit.anchors`;

/** Maps by scale; scales that lack what most have (a prototype of masks) are left out. */
const scalesOf = (maps: readonly FeatureMap[]): readonly (readonly FeatureMap[])[] => {
  const strides = [...new Set(maps.map(({ stride }) => stride))].sort((a, b) => a - b);
  const scales = strides.map((stride) => maps.filter((map) => map.stride === stride));
  const most = maxOf(scales.map(({ length }) => length));
  return scales.filter(({ length }) => length === most);
};

/** Two scales or more, each twice as coarse as the last, with as many channels. */
const areScales = (scales: readonly (readonly FeatureMap[])[], { producer }: Values): boolean => {
  const signature = (own: readonly FeatureMap[]) => own.map(({ channels, count }) => `${channels}x${count}`).join();
  const isSoft = ({ value, channel }: FeatureMap) => {
    const node = producer(value);
    return node?.opType === "Softmax" && getInt(node, "axis", -1) === channel;
  };
  return (
    scales.length > 1 &&
    scales[0]![0]!.stride >= 8 &&
    scales.every((own, k) => k === 0 || own[0]!.stride === 2 * scales[k - 1]![0]!.stride) &&
    new Set(scales.map(signature)).size === 1 &&
    scales[0]![0]!.channels * scales[0]![0]!.count > 5 &&
    !scales.flat().some(isSoft)
  );
};

interface Read {
  readonly scales: readonly (readonly FeatureMap[])[];
  readonly roles: readonly Roles[];
  readonly values: Values;
  readonly ranges: ReturnType<typeof rangesOf>;
  readonly anchors: readonly ScaleAnchors[] | undefined;
}

const headsOf = ({ scales, roles, values, ranges, anchors }: Read): Pick<RawHeads, "decoder" | "scales" | "link"> => {
  const { decoder, scores } = roles[0]!;
  const { low, high } = ranges(scores.map.value);
  const shares = low >= 0 && high <= 1 && beforeSigmoid(scores.map.value, values) === undefined;
  return {
    decoder,
    link: shares ? "none" : decoder === "yolov2" ? "softmax" : "sigmoid",
    scales: roles.map(({ boxes, scores: own, objectness }, k) => ({
      stride: scales[k]![0]!.stride,
      ...(anchors && { anchors: anchors[k]! }),
      ...{ boxes, scores: own },
      ...(objectness && { objectness }),
    })),
  };
};
