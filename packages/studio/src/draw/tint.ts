/** Colours of words and bars: a ground and the ink that reads on it. */
import { colorAt, diverging } from "@backlit/core/render";

/** As CSS, for a value of −limit to limit. The middle of the map keeps dark ink readable. */
export const tint = (value: number, limit: number): string => {
  const t = limit === 0 ? 0 : Math.max(-1, Math.min(1, value / limit));
  return `rgb(${colorAt(diverging, 0.55 * t).join(" ")})`;
};
