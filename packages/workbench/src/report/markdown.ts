/** Pieces of Markdown pages. */

/** Capital first, full stop unless it ends otherwise. */
export const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;

/** A row of a table. */
export const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
/** As Markdown viewers name headings: what is neither letter nor digit is left out, and names that are then taken are numbered. */
export const anchorsOf = (headings: readonly string[]): ReadonlyMap<string, string> => {
  const taken = new Map<string, number>();
  return new Map(
    headings.map((heading) => {
      const plain = heading
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-");
      const before = taken.get(plain) ?? 0;
      taken.set(plain, before + 1);
      return [heading, before === 0 ? plain : `${plain}-${before}`];
    }),
  );
};
