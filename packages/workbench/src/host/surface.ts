/** Where views are drawn in characters. */
import type { TerminalOptions } from "@backlit/core";

/** A terminal, as far as drawing needs to know it. */
export interface Surface {
  /** Its width; undefined where it is none. */
  readonly columns: number | undefined;
  /** It shows 24-bit colours. */
  readonly truecolour: boolean;
  readonly colours: Colours;
}

/** Texts in a terminal's colours, as far as it has some. */
export type Colours = { readonly isColorSupported: boolean } & Readonly<
  Record<"bold" | "dim" | "cyan" | "green" | "red" | "yellow", (text: string) => string>
>;

const WIDEST = 100;

/** How charts are drawn there: in all of its width up to a hundred columns, two of them indented. */
export const terminalOptions = (io: Surface): TerminalOptions => ({
  width: Math.min(WIDEST, (io.columns ?? WIDEST) - 2),
  colors: terminalColours(io),
});

/** The colours of a terminal. Without one, 24 bits are the safest guess at where the text will be shown. */
export const terminalColours = ({ columns, truecolour, colours }: Surface, asked = false): TerminalOptions["colors"] =>
  truecolour || (asked && columns === undefined) ? "truecolor" : colours.isColorSupported ? "256" : "none";
