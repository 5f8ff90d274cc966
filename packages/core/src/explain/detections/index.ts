/** Boxes of models that give the maps of their heads alone: a chunk of its own, since few models are such. */

import { trace } from "../../graph/trace.ts";
import { TracedModel } from "../../graph/traced-model.ts";
import { readRawHeads } from "../../reading/detector/raw/index.ts";
import type { LoadOptions } from "../types.ts";
import { DETECTIONS, isCentred, withDecoded } from "./decoded.ts";
import type { HeadsFound } from "./found.ts";

/** The same model with boxes and logits as values inside, where it can be said how; undefined for models of another kind. Errors: BadRecipe for anchors that do not fit. */
export const decoded = async (
  traced: TracedModel,
  options: LoadOptions,
  labels: number | undefined,
): Promise<{ readonly traced: TracedModel; readonly found: HeadsFound } | undefined> => {
  const heads = readRawHeads(traced.graph, traced.ownFacts(), { ...options.reading, ...(labels !== undefined && { labels }) });
  if (heads === undefined) return undefined;
  if ("unread" in heads) return { traced, found: { unread: heads.unread } };
  const { decoder, link, scales, why, notice } = heads.read;
  const model = withDecoded(traced, heads.read);
  const { shapes, seen, values } = await trace(model, options.runtime, options);
  const columns = (value: string) => ({ value, anchors: 1, axis: 2, from: 0 });
  const notices = [...traced.facts.notices, ...(notice === undefined ? [] : [notice])];
  return {
    traced: new TracedModel(model, { ...traced.facts, shapes, ...(seen && { seen }), values, notices }),
    found: {
      detector: {
        boxes: { ...columns(DETECTIONS.boxes), layout: isCentred(decoder) ? "cxcywh" : "xyxy" },
        scores: { ...columns(DETECTIONS.scores), classes: scales[0]!.scores.count, link },
        ...(scales[0]!.objectness && { objectness: columns(DETECTIONS.objectness) }),
        why,
      },
    },
  };
};
