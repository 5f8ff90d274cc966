/** Rows of dots below each other on one axis, each with its name. */
import { axisMarks, axisOf, zeroMark } from "../dot-whisker.ts";
import { svgDrawing } from "../svg.ts";
import { type Frame, heading } from "./frame.ts";
import { type SwarmDot, swarm } from "./swarm.ts";

interface SwarmRow {
  readonly name: string;
  readonly dots: readonly SwarmDot[];
}

interface SwarmRows {
  readonly rows: readonly SwarmRow[];
  /** px that the dots of a row may take across it. */
  readonly height: number;
  readonly frame: Frame;
  /** What the axis has room for; those of dots that are left out, too. */
  readonly values: readonly number[];
  /** Above the drawing. */
  readonly lines: readonly string[];
  readonly label: string;
}

export const swarmRows = ({ rows, height, frame, values, lines, label }: SwarmRows): string => {
  const { width, left, right, above, name } = frame;
  const axis = axisOf(values, left, right);
  const head = heading(lines, width);
  const each = above + height;
  const bottom = head.height + rows.length * each;
  const marks = rows.flatMap((row, i) => {
    const top = head.height + i * each;
    const middle = top + above + height / 2;
    return [name(row.name, { y: middle + 5, top }), ...swarm(row.dots, axis, middle, height)];
  });
  return String(
    svgDrawing({
      width,
      height: bottom + 34,
      label,
      marks: [...head.marks, zeroMark(axis, head.height, bottom), ...marks, ...axisMarks(axis, bottom)],
    }),
  );
};
