/** What figures and pages of several maps side by side are made of. */
import { type Figure, html, joinHtml, rawHtml, sharedRange } from "@backlit/core";
import type { ExplainedMap, ExplainedRow } from "../rows/explained.ts";
import type { HtmlParts, Scale, View } from "../views/view.ts";

export interface Titled {
  readonly map: ExplainedMap;
  /** Alone, where the numbers stand beside. */
  readonly name: string;
  readonly note?: string;
  readonly view: View;
}

/** The largest of the maps, signed where one of them is. */
const scaleOf = (maps: readonly Titled[]): Scale | undefined => {
  const scales = maps.map(({ view }) => view.scale?.());
  return scales.every((scale) => scale !== undefined)
    ? sharedRange(scales.map((scale) => ({ ...scale, invalid: 0 })))
    : undefined;
};

export const drawn = async (row: ExplainedRow, maps: readonly Titled[], subtitle: string | undefined): Promise<Figure> => {
  const { ABOVE, beside, headingLines, headingOf, pictureFigure, withLegend } = await import("../views/drawings.ts");
  const pictures = maps.map(({ view }) => view.picture?.());
  const [first] = pictures;
  if (first && pictures.every((picture) => picture !== undefined)) {
    const drawnMaps = pictures.map(({ map }, k) => ({
      ...headingLines(row, maps[k]!.map),
      ...(subtitle !== undefined && { subtitle }),
      ...map,
    }));
    return pictureFigure(drawnMaps, first.options);
  }
  const scale = maps.length > 1 ? scaleOf(maps) : undefined;
  const figures = await Promise.all(
    maps.map(async ({ map, view }) => view.figure!({ ...headingOf(row, map), ...(scale && { scale }) })),
  );
  return scale ? withLegend(beside(figures), { limit: scale.limit, notes: [ONE], sides: ABOVE }) : beside(figures);
};

const ONE = "relevance, one scale";

/** One legend below all; what is said of each map stands below it, and what is said of all with the legend. */
export const inPage = async (maps: readonly Titled[]): Promise<HtmlParts> => {
  const { ABOVE, legendHtml } = await import("../views/drawings.ts");
  const scale = maps.length > 1 ? scaleOf(maps) : undefined;
  const parts = await Promise.all(maps.map(({ view }, k) => view.html({ ...(scale && { scale }), input: k === 0 })));
  const [{ legend: first, colors }] = parts as [HtmlParts];
  const same = parts.every(({ legend }) => legend === first);
  const figures = maps.map(({ name, note }, k) => {
    const { body, legend } = parts[k]!;
    return html`<figure><figcaption>${name}</figcaption>${note !== undefined && html`<p class="note">${note}</p>`}
${rawHtml(body)}${!same && html`<div class="legend">${rawHtml(legend)}</div>`}</figure>`;
  });
  const meaning = { limit: scale?.limit ?? 0, notes: [ONE], sides: ABOVE, ...(colors && { colors }) };
  return {
    body: String(html`<div class="beside">${joinHtml(figures, "\n")}</div>`),
    legend: `${scale ? legendHtml(meaning) : ""}${same ? first : ""}`,
  };
};
