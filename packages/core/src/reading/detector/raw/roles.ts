/** Which numbers of one scale's maps are boxes, scores, an objectness. */
import type { Range, Values } from "../../output/interval.ts";
import type { BoxDecoder } from "./box-decoders.ts";
import type { FeatureMap } from "./maps.ts";
import { beforeSigmoid, dependsOn, joinedOf, type Part } from "./parts.ts";

export interface RolesAsked {
  /** The maps of one scale. */
  readonly maps: readonly FeatureMap[];
  /** How many class names there are. */
  readonly labels?: number | undefined;
  /** Anchors a cell, where anchors are given. */
  readonly anchors?: number | undefined;
  readonly decoder?: BoxDecoder | undefined;
}

export interface Roles {
  readonly decoder: BoxDecoder;
  readonly boxes: Part;
  readonly scores: Part;
  readonly objectness?: Part;
  /** Sizes of anchors are needed. */
  readonly anchored: boolean;
}

/** Bins of each distance, as published. */
const BINS = 16;

/** Undefined where nothing tells them apart. */
export const rolesOf = (asked: RolesAsked, values: Values, rangeOf: (value: string) => Range): Roles | undefined => {
  const [first, ...more] = asked.maps;
  const joined = more.length === 0 ? joinedOf(first!, values) : asked.maps;
  const apart = joined.length > 1 ? severalRoles({ ...asked, maps: joined }, values, rangeOf) : undefined;
  return apart ?? (more.length === 0 ? singleRoles(asked, first!) : undefined);
};

const ANCHORED: readonly BoxDecoder[] = ["yolov2", "yolov3", "yolov5"];

/** All numbers of an anchor side by side. */
const singleRoles = ({ labels, anchors, decoder }: RolesAsked, map: FeatureMap): Roles | undefined => {
  const part = (count: number, from: number, size: number): Part => ({ map, anchors: count, from, count: size });
  const each = (count: number): Roles | undefined => {
    const width = (map.channels * (map.anchors === undefined ? 1 : map.count)) / count;
    const fits = Number.isInteger(width) && width > 5 && (labels === undefined || labels === width - 5);
    if (!fits) return undefined;
    return {
      ...{ decoder: decoder ?? "yolov5", boxes: part(count, 0, 4), objectness: part(count, 4, 1) },
      ...{ scores: part(count, 5, width - 5), anchored: true },
    };
  };
  const { channels } = map;
  if (map.anchors !== undefined) return anchors === undefined || anchors === map.count ? each(map.count) : undefined;
  if (anchors !== undefined) return each(anchors);
  const free = (kind: BoxDecoder, from: number, classes: number): Roles | undefined =>
    classes < 1 || (labels !== undefined && labels !== classes)
      ? undefined
      : {
          ...{ decoder: kind, boxes: part(1, 0, kind === "dfl" ? from : 4), scores: part(1, from, classes), anchored: false },
          ...(kind === "yolox" && { objectness: part(1, 4, 1) }),
        };
  if (decoder === "yolox") return free("yolox", 5, channels - 5);
  if (decoder === "distances") return free("distances", 4, channels - 4);
  if (decoder === "dfl") return free("dfl", labels === undefined ? 4 * BINS : channels - labels, labels ?? channels - 4 * BINS);
  if (decoder !== undefined && !ANCHORED.includes(decoder)) return undefined;
  if (labels === undefined || decoder !== undefined) return undefined;
  const fitting = [
    free("yolox", 5, channels - 5),
    free("distances", 4, channels - 4),
    (channels - labels) % 4 === 0 && channels - labels > 4 ? free("dfl", channels - labels, labels) : undefined,
    channels > 5 + labels && channels % (5 + labels) === 0 ? each(channels / (5 + labels)) : undefined,
  ].filter((one) => one !== undefined);
  return fitting.length === 1 ? fitting[0] : undefined;
};

const BOX = /box|bbox|reg|loc/i;

/** Boxes and scores in maps of their own; a third, of one channel, is an objectness unless it is made of the scores. */
const severalRoles = (
  { maps, labels, anchors, decoder }: RolesAsked,
  values: Values,
  rangeOf: (value: string) => Range,
): Roles | undefined => {
  if (maps.some((map) => map.anchors !== undefined)) return undefined;
  const isShare = ({ value, squashed }: FeatureMap) => {
    const { low, high } = rangeOf(value);
    return squashed === true || beforeSigmoid(value, values) !== undefined || (low >= 0 && high <= 1);
  };
  const many = anchors ?? 1;
  const isScores = ({ channels }: FeatureMap) => labels !== undefined && channels === labels * many;
  const wide = (map: FeatureMap) => !isShare(map) && map.channels % (4 * many) === 0;
  const usual = maps.filter((map) => wide(map) && (map.channels === 4 * many || map.channels === 4 * BINS));
  const named = maps.filter((map) => wide(map) && BOX.test(map.value));
  const candidates = usual.length > 0 ? usual : named;
  const boxes = candidates.length === 1 ? candidates[0] : candidates.filter((map) => !isScores(map) || BOX.test(map.value))[0];
  const others = maps.filter((map) => map !== boxes);
  const scores =
    others.find(isScores) ?? (labels === undefined ? onlyOf(others.filter(({ channels }) => channels > 1)) : undefined);
  const only = scores ?? (others.length === 1 ? others[0] : undefined);
  if (boxes === undefined || only === undefined || only.channels % many !== 0) return undefined;
  if (labels !== undefined && only.channels !== labels * many) return undefined;
  const third = others.find((map) => map !== only && map.channels === many && !dependsOn(map.value, only.value, values));
  const part = (map: FeatureMap): Part => ({ map, anchors: many, from: 0, count: map.channels / many });
  const bins = boxes.channels / (4 * many);
  const positive = rangeOf(boxes.value).low >= 0;
  const told = bins > 1 ? "dfl" : anchors !== undefined ? "deltas" : third !== undefined && !positive ? "yolox" : "distances";
  return {
    ...{ decoder: decoder ?? told, boxes: part(boxes), scores: part(only), anchored: anchors !== undefined },
    ...(third && { objectness: part(third) }),
  };
};

const onlyOf = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);
