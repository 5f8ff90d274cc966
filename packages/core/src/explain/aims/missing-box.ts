/** `box:K` where fewer are detected. */
import { type BacklitError, fail } from "../../errors.ts";

export interface MissingBox {
  readonly k: number;
  readonly sample: number;
  /** How many there are. */
  readonly kept: number;
  /** The largest score of all. */
  readonly best: number;
  /** `iou`: where overlapping boxes are left out by us. */
  readonly thresholds: { readonly score: number; readonly iou?: number };
}

export const missingBox = ({ k, sample, kept, best, thresholds: { score, iou } }: MissingBox): BacklitError => {
  const what = `target 'box:${k}'`;
  if (kept === 0)
    return fail("BadTarget", {
      what,
      why: `nothing is detected in sample ${sample}: the largest score is ${best.toPrecision(2)}, and ${score} is the least`,
      fix: "ask for a lower score (--least-score; detections.score)",
    });
  const overlaps = iou === undefined ? "" : ` and overlaps of at most ${iou}`;
  return fail("BadTarget", {
    what,
    why: `sample ${sample} has ${kept} ${kept === 1 ? "detection" : "detections"} with a score of ${score}${overlaps}`,
    fix: `count from 0 to ${kept - 1}, or ask for other thresholds (--least-score${iou === undefined ? "" : ", --overlap"}; detections)`,
  });
};
