/** Relevance of named features as signed bars: strongest first, the rest summed into one. */
import { maxOf } from "../numeric/extremes.ts";
import { type ColorMap, colorAt, diverging } from "./colour/colormap.ts";
import { limitOf } from "./pieces.ts";
import { printable } from "./printable.ts";
import { signed } from "./signed.ts";
import { colourCode, type TerminalOptions } from "./terminal/terminal.ts";
import { paint } from "./terminal/terminal-words.ts";

export interface Bar {
  readonly name: string;
  /** What the feature was: "2.3". */
  readonly given?: string;
  /** Relevance. */
  readonly value: number;
}

/** The `count` strongest by |R|, and what the others hold together. */
export const strongest = (
  bars: readonly Bar[],
  count: number,
): { readonly shown: readonly Bar[]; readonly rest?: { readonly count: number; readonly value: number } } => {
  const order = bars.map((_, i) => i).sort((a, b) => Math.abs(bars[b]!.value) - Math.abs(bars[a]!.value) || a - b);
  const [shown, others] = [order.slice(0, count), order.slice(count)];
  return {
    shown: shown.map((i) => bars[i]!),
    ...(others.length > 0 && { rest: { count: others.length, value: others.reduce((sum, i) => sum + bars[i]!.value, 0) } }),
  };
};

export const restName = ({ count }: { readonly count: number }): string => `${count} more`;

const NAME = 28;
const GIVEN = 10;
const REACH = 14;

/** Lines for a terminal: name, what it was, a bar to the left (against) or right (for) of a middle line, the number. */
export const terminalBars = (
  bars: readonly Bar[],
  { width, colors, count }: TerminalOptions & { readonly count: number },
): readonly string[] => {
  const { shown, rest } = strongest(bars, count);
  const limit = limitOf(shown.map(({ value }) => value));
  const name = Math.min(NAME, maxOf([...shown.map((bar) => lengthOf(bar.name)), rest ? restName(rest).length : 0], 0));
  const given = Math.min(
    GIVEN,
    maxOf(
      shown.map((bar) => bar.given?.length ?? 0),
      0,
    ),
  );
  const reach = Math.max(4, Math.min(REACH, Math.floor((width - name - given - 16) / 2)));
  const line = (bar: Bar): string => {
    const length = limit === 0 ? 0 : (Math.abs(bar.value) / limit) * reach;
    const drawn = blocks(length, bar.value < 0);
    const [left, right] = bar.value < 0 ? [drawn, ""] : ["", drawn];
    const mark = (text: string) => (text === "" || colors === "none" ? text : paint(text, inkCode(diverging, bar.value, colors)));
    const pad = " ".repeat(reach - lengthOf(left));
    const end = " ".repeat(reach - lengthOf(right));
    return [fit(bar.name, name), fit(bar.given ?? "", given, true), `${pad}${mark(left)}│${mark(right)}${end}`, signed(bar.value)]
      .filter((_, i) => i !== 1 || given > 0)
      .join("  ");
  };
  return [...shown.map(line), ...(rest ? [`${fit(restName(rest), name)}  ${signed(rest.value)} together`] : [])];
};

/** A mid tone of the sign: bars are told apart by side and length, so the hue may be the same for all. */
const inkCode = (map: ColorMap, value: number, colors: "truecolor" | "256"): string =>
  `38;${colourCode(colorAt(map, Math.sign(value) * 0.65), colors)}`;

/** A square in the colour of a sign. */
export const signMark = (sign: 1 | -1, colors: "truecolor" | "256"): string => paint("■", inkCode(diverging, sign, colors));

/** Eighths of a character, which blocks have from the left only; from the right there are halves. */
const blocks = (length: number, leftwards: boolean): string => {
  const whole = Math.floor(length);
  const part = length - whole;
  if (leftwards) return `${part >= 0.5 ? "▐" : ""}${"█".repeat(whole)}`;
  return "█".repeat(whole) + (["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][Math.floor(part * 8)] ?? "");
};

const lengthOf = (text: string): number => Array.from(text).length;

const fit = (text: string, width: number, right = false): string => {
  const characters = Array.from(printable(text.replace(/\s+/g, " ")));
  const cut = characters.length > width ? [...characters.slice(0, Math.max(0, width - 1)), "…"] : characters;
  const pad = " ".repeat(width - cut.length);
  return right ? pad + cut.join("") : cut.join("") + pad;
};
