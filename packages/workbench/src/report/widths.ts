/** Drawings in pages: as wide as they are, and once more for narrow places, where letters would shrink with the drawing. */
import { html, rawHtml } from "@backlit/core";

/** px of a page on a phone, without its margins. */
const NARROW = 350;

/** HTML. `draw`: an SVG drawing, of that width where one is given. */
export const atWidths = (draw: (narrow: { readonly width?: number }) => string): string =>
  String(
    html`<div class="chart"><div class="wide">${rawHtml(draw({}))}</div><div class="narrow">${rawHtml(draw({ width: NARROW }))}</div></div>`,
  );

/** HTML. A drawing that is as wide as it must be, moved to and fro where the screen is narrower. */
export const scrolling = (svg: string, label: string): string =>
  String(html`<div class="scrolling" role="region" aria-label="${label}" tabindex="0">${rawHtml(svg)}</div>`);
