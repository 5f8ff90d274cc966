/** Heatmaps as pictures, and half blocks in the terminal. What is no other kind is one, or a chart of one axis. */
import { html, isDark, shownPlane, shownRange } from "@backlit/core";
import type { ExplainedMap, ExplainedRow } from "../../rows/explained.ts";
import { titleOf } from "../../rows/top.ts";
import type { HtmlParts, Scale, View, ViewContext } from "../../views/view.ts";
import { drawTerminal, pictureOf, planeOfMap, seenPicture } from "./heatmap.ts";

/** Pixels of a panel's longer side on a page: twice what a narrow screen shows. */
const PAGE_SIDE = 560;

export const pictureView = (row: ExplainedRow, map: ExplainedMap, context: ViewContext): View => {
  const value = context.explained[0]!;
  const { preprocessor, look = {} } = context;
  const picture = () => pictureOf(row, map, value, context);
  const scale = (): Scale => {
    const plane = planeOfMap(map.relevances[value]!, context.drawing?.[value]);
    return shownRange(shownPlane(plane, look, context.visits?.[value]).plane, look);
  };
  return {
    what: "a picture",
    one: true,
    needsColours: true,
    terminal: (io) => drawTerminal(map, context, io),
    html: (options) => inPage(titleOf(map.target), picture(), context, options),
    figure: async ({ subtitle } = {}) => {
      const { map: drawn, options } = picture();
      const { headingLines, pictureFigure } = await import("../../views/drawings.ts");
      return pictureFigure([{ ...headingLines(row, map), ...(subtitle !== undefined && { subtitle }), ...drawn }], options);
    },
    picture,
    scale,
    data: () => {
      const seen = seenPicture(row, value, preprocessor);
      const visits = context.visits?.[value];
      return {
        kind: "picture",
        plane: planeOfMap(map.relevances[value]!, context.drawing?.[value]),
        ...(seen && { seen }),
        ...(visits && { visits }),
      };
    },
  };
};

/** Each panel an image of its own, so that they stand side by side or one below the other as the screen is wide. */
const inPage = async (
  title: string,
  { map, options }: ReturnType<NonNullable<View["picture"]>>,
  context: ViewContext,
  { scale, input = true }: { readonly scale?: Scale; readonly input?: boolean } = {},
): Promise<HtmlParts> => {
  const { look = {}, pictures } = context;
  const { dataUri, drawnMaps, legendHtml } = await import("../../views/drawings.ts");
  const { drawn, colors, lines, ends } = drawnMaps([map], {
    ...options,
    side: PAGE_SIDE,
    ...(scale && { range: { ...scale, invalid: 0 } }),
  });
  const { panels, range } = drawn[0]!;
  const figures = await Promise.all(
    panels
      .filter(({ name }) => input || name !== "input")
      .map(async ({ name, raster }) => {
        const { width, height } = raster;
        return html`<figure><img alt="${name}: ${title}" width="${width}" height="${height}" src="${await dataUri(pictures, raster)}"><figcaption>${name}</figcaption></figure>`;
      }),
  );
  const notes = ["sums over channels", ...lines];
  return {
    body: String(html`<div class="panels${isDark(look) && " dark"}">${figures}</div>`),
    legend: legendHtml({ limit: range.limit, notes, sides: options.sides, colors, ends }, scale),
    colors,
  };
};
