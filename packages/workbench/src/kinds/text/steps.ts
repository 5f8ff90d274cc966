/** A text explained token by token: a matrix, a row for each token that was given, a column for each word before it. */
import { limitOf, type Matrix, matrixLimit, sumsByPosition, terminalMatrix } from "@backlit/core";
import { terminalColours } from "../../host/surface.ts";
import type { ExplainedRow } from "../../rows/explained.ts";
import { titleOf } from "../../rows/top.ts";
import type { View, ViewContext } from "../../views/view.ts";
import { scoredTexts } from "./scored-text.ts";

const USUAL = 100;
/** What the two signs of its rows say. */
export const STEPS = { for: "for the row's token", against: "against it" };

/** Undefined where what is explained has no axis of tokens. */
export const stepsView = (row: ExplainedRow, context: ViewContext): Omit<View, "json"> | undefined => {
  const matrix = matrixOf(row, context);
  if (matrix === undefined) return undefined;
  const limit = matrixLimit(matrix.values);
  const whole = limitOf(matrix.values.flatMap((values) => Array.from(values)));
  const notes = ["a row for each token, a column for each word", ...(limit < whole ? ["colours without the first word"] : [])];
  const meaning = { limit, notes, sides: STEPS };
  return {
    what: "a text step by step",
    terminal: (io) => terminalMatrix(matrix, { width: io.columns ?? USUAL, colors: terminalColours(io) }),
    html: async () => {
      const { legendHtml, matrixChart, scrolling } = await import("../../views/drawings.ts");
      return { body: scrolling(matrixChart(matrix), "a row for each token"), legend: legendHtml(meaning) };
    },
    figure: async ({ title } = {}) => {
      const { matrixFigure, withLegend } = await import("../../views/drawings.ts");
      return withLegend(matrixFigure(matrix, title), meaning);
    },
  };
};

const matrixOf = (row: ExplainedRow, context: ViewContext): Matrix | undefined => {
  const rows = row.maps.map(({ target }) => titleOf(target));
  const texts = row.maps.map((map) => scoredTexts(row, map, context));
  const [first] = texts;
  if (first !== undefined) {
    const { texts: whole, words } = first.tokenized;
    const columns = words.map(({ text, start, end }) => whole[text]!.slice(start, end));
    return { rows, columns, values: texts.map((text) => text!.scored.words) };
  }
  const value = context.explained[0]!;
  if (context.drawing?.[value]?.kind !== "tokens") return undefined;
  const values = row.maps.map(({ relevances }) => sumsByPosition(relevances[value]!));
  return { rows, columns: Array.from(values[0]!, (_, at) => String(at)), values };
};
