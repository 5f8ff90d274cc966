/** How a picture's map is drawn: plain data. */
import type { Look as Drawing } from "@backlit/core/render";

/** Which of the two is shown, and how; `masked`: the input where relevance speaks for the class; `panels`: three side by side. */
export const MODES = ["overlay", "relevance", "input", "masked", "panels"] as const;
export type Mode = (typeof MODES)[number];

/** For light and for dark pages. */
export const COLOUR_NAMES = ["light", "dark"] as const;

export interface Look {
  readonly mode: Mode;
  /** Of the strongest relevance in the overlay, 0 to 1. */
  readonly opacity: number;
  /** Share of the values, in percent, that lies within the colours. */
  readonly clip: number;
  readonly colours: (typeof COLOUR_NAMES)[number];
  /** σ of a blur, in pixels of the model's input. */
  readonly smooth: number;
  /** Dots of the first layer's stride are divided out. */
  readonly dots: boolean;
  /** What speaks against is striped, too: its colour alone does not reach everybody. */
  readonly stripes: boolean;
}

/** What is drawn where nobody chooses, as by the command; colours go by the page's own. */
export const USUAL_LOOK: Look = {
  mode: "overlay",
  opacity: 1,
  clip: 99.5,
  colours: "light",
  smooth: 0,
  dots: true,
  stripes: true,
};

const STYLES = { overlay: "overlay", relevance: "map", input: "panels", masked: "masked", panels: "panels" } as const;

/** The command's options for it. */
export const drawingOf = ({ mode, opacity, clip, colours, smooth, dots }: Look): Drawing => ({
  style: STYLES[mode],
  alpha: opacity,
  clip,
  colormap: colours === "dark" ? "dark" : "auto",
  smooth,
  dots: dots ? "divide" : "keep",
});
