/** Colours and line patterns of evaluation charts. Marks are told apart by shape, pattern or label first, by colour second. */

/** Tones a line may have: orange, blue, grey, purple, green; also under red-green blindness all differ in hue or lightness. */
export const TONES = 5;
const LIGHT = ["#b8430b", "#1f5fa8", "#5c646e", "#7a3e98", "#00705f"] as const;
const DARK = ["#f3945f", "#74aef0", "#a4adb7", "#cfa3ea", "#4cc4ae"] as const;
const DASHES = ["none", "7 4", "2 4", "9 3 2 3", "14 5"] as const;

const tones = (colours: readonly string[]): string =>
  colours.map((c, i) => `.ev-line${i}{stroke:${c}}.ev-band${i}{fill:${c}}.ev-name${i}{fill:${c}}`).join("");

const grounds = (band: string, edge: string, mark: string, random: string, page: string): string =>
  `.ev-context{stroke:${edge};opacity:.55}.ev-floor{fill:${band}}.ev-edge{stroke:${edge}}.ev-mark{stroke:${mark};fill:${mark}}.ev-random{stroke:${random};fill:${page}}.ev-halo{stroke:${page}}.ev-grid{stroke:${band}}`;

const DASHED = DASHES.map((dash, i) => `.ev-line${i}{stroke-dasharray:${dash}}`).join("");

/** Rules for a page and for a drawing that stands alone. */
export const EVALUATION_MARKS = `.bl-ink{fill:#1c2026}.bl-muted{fill:#59616b}.bl-line{stroke:#8b939d;fill:none}.bl-bold{font-weight:600}svg text{font:13px system-ui,sans-serif;stroke:none;font-variant-numeric:tabular-nums}svg .ev-halo{stroke-width:4px;paint-order:stroke;stroke-linejoin:round;font-weight:600}.ev-edge{stroke-width:1px;stroke-dasharray:2 3;fill:none}[class^=ev-line]{fill:none;stroke-width:2px;stroke-linejoin:round}[class^=ev-band]{opacity:.17;stroke:none}.ev-grid,.ev-context{fill:none;stroke-width:1px}.ev-mark,.ev-random{stroke-width:1.6px}${DASHED}${grounds("#dfe3e8", "#6b737d", "#1f5fa8", "#5c646e", "#fff")}${tones(LIGHT)}@media (prefers-color-scheme:dark){.bl-ink{fill:#e6e8eb}.bl-muted{fill:#a4adb7}.bl-line{stroke:#6b747f;fill:none}${grounds("#343b44", "#939ca6", "#74aef0", "#a4adb7", "#14171b")}${tones(DARK)}}`;
