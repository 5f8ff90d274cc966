/** A matrix of relevance in a terminal: what is explained in front of each line, its words on coloured grounds, or numbers in columns. */
import { maxOf } from "../../numeric/extremes.ts";
import { matrixLimit } from "../pieces.ts";
import { printable } from "../printable.ts";
import { signedBeside } from "../signed.ts";
import type { Matrix } from "../svg/matrix-chart.ts";
import type { TerminalOptions } from "./terminal.ts";
import { onGround } from "./terminal-words.ts";

const NAME = 28;

/** Columns that do not fit beside each other follow in a block of their own. */
export const terminalMatrix = ({ rows, columns, values }: Matrix, { width, colors }: TerminalOptions): readonly string[] => {
  const limit = matrixLimit(values);
  const heads = columns.map(printable);
  const names = rows.map((name) => (name.length > NAME ? `${printable(name).slice(0, NAME - 1)}…` : printable(name)));
  const left = maxOf(
    names.map((name) => name.length),
    0,
  );
  const cells = values.map((row) => Array.from(row, (value) => (colors === "none" ? signedBeside(value, limit) : "")));
  const sizes = heads.map((head, k) => maxOf([head.length, ...cells.map((row) => row[k]!.length)], 0));
  return blocksOf(sizes, width - left).flatMap((block) => [
    ...(colors === "none" ? [`${" ".repeat(left)}  ${block.map((k) => heads[k]!.padStart(sizes[k]!)).join(" ")}`] : []),
    ...names.map((name, i) => {
      const drawn = block.map((k) =>
        colors === "none"
          ? cells[i]![k]!.padStart(sizes[k]!)
          : onGround(heads[k]!.padEnd(sizes[k]!), values[i]![k]!, limit, colors),
      );
      return `${name.padStart(left)}  ${drawn.join(" ")}`;
    }),
  ]);
};

const blocksOf = (sizes: readonly number[], width: number): readonly (readonly number[])[] => {
  const blocks: number[][] = [[]];
  let used = 2;
  for (const [k, size] of sizes.entries()) {
    if (used + size + 1 > width && blocks.at(-1)!.length > 0) {
      blocks.push([]);
      used = 2;
    }
    blocks.at(-1)!.push(k);
    used += size + 1;
  }
  return blocks;
};
