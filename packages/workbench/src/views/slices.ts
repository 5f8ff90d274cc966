/** Pictures in rows, each row of one height, with words above the columns: as a figure, and in a page. */
import type { Figure, Mark, Raster } from "@backlit/core";
import type { Heading } from "./heading.ts";

interface Slices {
  readonly heading?: Partial<Heading> | undefined;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Raster[])[];
  /** px of one picture. */
  readonly width: number;
  readonly label: string;
}

const [GAP, LINE, SIZE, MARGIN] = [8, 20, 12, 16];

export const slicesFigure = ({ heading: { title, otherwise } = {}, columns, rows, width, label }: Slices): Figure => {
  const [first] = rows[0]!;
  const height = Math.max(1, Math.round((width * first!.height) / first!.width));
  const count = rows[0]!.length;
  const head = title === undefined ? 8 : 34;
  const top = head + (columns.length > 0 ? LINE : 0);
  const marks: Mark[] = [
    ...(title === undefined
      ? []
      : [{ kind: "text", text: title, ...(otherwise !== undefined && { otherwise }), x: MARGIN, y: 24, bold: true } as const]),
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
