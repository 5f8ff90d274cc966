/** What tones are in colours: on white, and on a dark ground. */
import { colorAt, diverging, divergingDark } from "../colour/colormap.ts";
import type { Rgb } from "../colour/oklab.ts";
import type { Tone } from "./figure.ts";

/** Steps of colour on each side of zero. */
export const STEPS = 8;
/** Pale colours vanish on the ground: marks keep at least the tone of a third. */
const PALEST = 0.35;

/** Step of a value, −8 to 8; 0 for what rounds to nothing. */
export const stepOf = (value: number, limit: number): number =>
  limit > 0 && Number.isFinite(value) ? Math.round((Math.max(-1, Math.min(1, value / limit)) || 0) * STEPS) : 0;

export const stepColour = (step: number, dark: boolean): Rgb =>
  colorAt(dark ? divergingDark : diverging, Math.sign(step) * (PALEST + (1 - PALEST) * (Math.abs(step) / STEPS)));

/** As the style sheet of charts has them. */
const NAMED: Readonly<Record<"ink" | "muted" | "line" | "zero", readonly [light: Rgb, dark: Rgb]>> = {
  ink: [
    [28, 32, 38],
    [230, 232, 235],
  ],
  muted: [
    [98, 106, 116],
    [154, 163, 173],
  ],
  line: [
    [185, 192, 200],
    [74, 82, 92],
  ],
  zero: [
    [223, 227, 231],
    [43, 49, 56],
  ],
};

export const groundOf = (dark: boolean): Rgb => (dark ? [20, 23, 27] : [255, 255, 255]);

export const colourOf = (tone: Tone, dark: boolean): Rgb => {
  if (typeof tone === "string") return NAMED[tone][dark ? 1 : 0];
  if (!("value" in tone)) return tone;
  const step = stepOf(tone.value, tone.limit);
  return step === 0 ? NAMED.zero[dark ? 1 : 0] : stepColour(step, dark);
};
