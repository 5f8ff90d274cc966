/** Drawings in pages: as wide as they are, and once more for narrow places, where letters would shrink with the drawing. */
import { html, rawHtml } from "@backlit/core";

/** px of a page on a phone, without its margins. */
export const NARROW = 350;

/** HTML. `draw`: an SVG drawing, of that width where one is given. */
export const atWidths = (draw: (narrow: { readonly width?: number }) => string): string =>
  ofTwo(draw({}), draw({ width: NARROW }), "chart");

/** HTML. The same for drawings of up to 700 px, which stand beside each other. */
export const smallAtWidths = (wide: string, narrow: string): string => ofTwo(wide, narrow, "chart small");

const ofTwo = (wide: string, narrow: string, name: string): string =>
  String(html`<div class="${name}"><div class="wide">${rawHtml(wide)}</div><div class="narrow">${rawHtml(narrow)}</div></div>`);

/** HTML. A drawing that is as wide as it must be, moved to and fro where the screen is narrower. */
export const scrolling = (svg: string, label: string): string =>
  String(html`<div class="scrolling" role="region" aria-label="${label}" tabindex="0">${rawHtml(svg)}</div>`);
