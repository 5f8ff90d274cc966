/** Columns of text, aligned; too wide for the terminal, the flexible ones are shortened. */
export interface Column {
  readonly title: string;
  readonly align?: "right";
  /** May be cut: in the middle (names, whose ends differ) or at the end; never below `least` characters. */
  readonly cut?: "middle" | "end";
  readonly least?: number;
}

const GAP = 2;

/** Lines, the titles first. Without a `width` nothing is cut. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[], width?: number): string[] => {
  const widths = columns.map(({ title }, i) => rows.reduce((most, row) => Math.max(most, row[i]!.length), title.length));
  let over = width === undefined ? 0 : widths.reduce((a, b) => a + b, 0) + GAP * (columns.length - 1) - width;
  while (over > 0) {
    // the widest that may still be cut gives one character
    const [widest] = columns
      .map(({ cut, least = 8 }, i) => ({ i, spare: cut === undefined ? 0 : widths[i]! - least }))
      .filter(({ spare }) => spare > 0)
      .sort((a, b) => widths[b.i]! - widths[a.i]!);
    if (widest === undefined) break;
    widths[widest.i]!--;
    over--;
  }
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const { align, cut } = columns[i]!;
        const text = shorten(cell, widths[i]!, cut);
        return align === "right" ? text.padStart(widths[i]!) : text.padEnd(widths[i]!);
      })
      .join(" ".repeat(GAP))
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
};

/** A text of at most `width` characters, with … at its end or in its middle. */
export const shorten = (text: string, width: number, cut: Column["cut"] = "end"): string => {
  if (text.length <= width) return text;
  if (cut === "end") return `${text.slice(0, width - 1)}…`;
  const head = Math.floor((width - 1) / 3);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
};
