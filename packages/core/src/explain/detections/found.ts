/** What was found of a model's raw heads, beside the model that was prepared. */
import type { TracedModel } from "../../graph/traced-model.ts";
import type { Detector } from "../../reading/detector/index.ts";

export interface HeadsFound {
  /** Its boxes and scores, as values inside. */
  readonly detector?: Detector;
  /** What has to be said first. */
  readonly unread?: { readonly why: string; readonly fix: string; readonly sure: boolean };
}

const known = new WeakMap<TracedModel, HeadsFound>();

export const rememberHeads = (traced: TracedModel, found: HeadsFound): void => void known.set(traced, found);

export const headsOf = (traced: TracedModel): HeadsFound => known.get(traced) ?? {};
