/** How a picture's map is drawn: plain data. */

/** Which of the two is shown, and how; `masked`: the input where relevance speaks for the class; `panels`: three side by side. */
export const MODES = ["overlay", "relevance", "input", "masked", "panels"] as const;
export type Mode = (typeof MODES)[number];

/** For light and for dark pages. */
export const COLOUR_NAMES = ["light", "dark"] as const;

export interface Look {
  readonly mode: Mode;
  /** Of the relevance in the overlay, 0 to 1. */
  readonly opacity: number;
  /** Share of the values, in percent, that lies within the colours. */
  readonly clip: number;
  readonly colours: (typeof COLOUR_NAMES)[number];
  /** Interpolated between positions. */
  readonly smooth: boolean;
  /** What speaks against is striped, too: its colour alone does not reach everybody. */
  readonly stripes: boolean;
}

/** What is drawn where nobody chooses; colours go by the page's own. */
export const USUAL_LOOK: Look = { mode: "overlay", opacity: 0.85, clip: 99.5, colours: "light", smooth: true, stripes: true };
