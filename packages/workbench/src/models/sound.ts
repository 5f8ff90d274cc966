/** How a model hears, where somebody says it. */
import type { Bundle } from "./open.ts";

/** Samples a second over what its files say. */
export const withRate = (bundle: Bundle, rate: number | undefined): Bundle =>
  rate === undefined ? bundle : { ...bundle, sound: { ...bundle.sound, sampling_rate: rate } };
