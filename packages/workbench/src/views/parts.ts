/** Parts of different kinds below each other, in a page and in a figure: loaded when they are drawn. */
import { below, type Figure, html, joinHtml, rawHtml } from "@backlit/core";
import type { FigureOptions, HtmlParts, View } from "./view.ts";

type Parts = NonNullable<View["parts"]>;

export const partsHtml = async (parts: Parts, { input }: { readonly input?: boolean } = {}): Promise<HtmlParts> => {
  const all = await Promise.all(parts.map(({ view }) => view.html({ ...(input !== undefined && { input }) })));
  const bodies = all.map(
    ({ body, legend }, k) =>
      html`<figure><figcaption>${parts[k]!.title}</figcaption>\n${rawHtml(body)}<div class="legend">${rawHtml(legend)}</div></figure>`,
  );
  const { colors } = all[0]!;
  return { body: String(html`<div class="parts">${joinHtml(bodies, "\n")}</div>`), legend: "", ...(colors && { colors }) };
};

/** All of them have figures. Each has its own scale. */
export const partsFigure = async (parts: Parts, { scale: _, subtitle, ...heading }: FigureOptions = {}): Promise<Figure> => {
  const [first, ...others] = parts as [Parts[number], ...Parts];
  const under = [subtitle, first.title].filter(Boolean).join("; ");
  const top = await first.view.figure!({ ...heading, subtitle: under });
  return below([top, ...(await Promise.all(others.map(({ title, view }) => view.figure!({ title }))))]);
};
