/** Pictures in rows, each row of one height, with words above the columns: as a figure, and in a page. */
import { type Figure, html, type Mark, type Plane, type Raster } from "@backlit/core";
import type { Pictures } from "../host/host.ts";
import { dataUri } from "./data-uri.ts";
import { greys } from "./greys.ts";
import type { Heading } from "./heading.ts";
import { titleMarks } from "./title-marks.ts";

interface Slices {
  /** Numbers of the slices. */
  readonly shown: readonly number[];
  readonly maps: readonly Raster[];
  /** All slices of what the model saw. */
  readonly seen?: readonly Plane[] | undefined;
}

const [GAP, LINE, SIZE, MARGIN] = [8, 20, 12, 16];

/** px of one picture. */
const WIDTH = 112;

export const slicesFigure = ({ shown, maps, seen }: Slices, heading: Partial<Heading> = {}): Figure => {
  const all = seen && greys(seen);
  const rows = all ? [shown.map((k) => all[k]!), maps] : [maps];
  const columns = shown.map((k) => `slice ${k}`);
  const [width, label] = [WIDTH, "slices of the input above their relevance"];
  const [first] = rows[0]!;
  const height = Math.max(1, Math.round((width * first!.height) / first!.width));
  const count = rows[0]!.length;
  const head = heading.title === undefined ? 8 : 34;
  const top = head + (columns.length > 0 ? LINE : 0);
  const marks: Mark[] = [
    ...titleMarks(heading, MARGIN),
    ...columns.map(
      (text, k): Mark => ({
        kind: "text",
        text,
        x: MARGIN + k * (width + GAP) + width / 2,
        y: head + 14,
        size: SIZE,
        anchor: "middle",
        tone: "muted",
      }),
    ),
    ...rows.flatMap((row, r) =>
      row.map(
        (raster, k): Mark => ({
          kind: "image",
          x: MARGIN + k * (width + GAP),
          y: top + r * (height + GAP),
          width,
          height,
          raster,
        }),
      ),
    ),
  ];
  return { width: count * (width + GAP) - GAP + 2 * MARGIN, height: top + rows.length * (height + GAP) - GAP, label, marks };
};

/** HTML: each slice a figure, what the model saw above its relevance. */
export const slicesHtml = async (
  { shown, maps, seen }: Slices,
  pictures: Pick<Pictures, "encode"> | undefined,
): Promise<string> => {
  const picture = async (raster: Raster, name: string) =>
    html`<img alt="${name}" width="${raster.width}" height="${raster.height}" src="${await dataUri(pictures, raster)}">`;
  const all = seen && greys(seen);
  const figures = shown.map(async (k, i) => {
    const [above, below] = [all && (await picture(all[k]!, "input")), await picture(maps[i]!, "relevance")];
    return html`<figure>${above}${below}<figcaption>slice ${k}</figcaption></figure>`;
  });
  return String(html`<div class="slices">${await Promise.all(figures)}</div>`);
};
