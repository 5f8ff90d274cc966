/** The HTML page of `explain`: every input with its prediction, and every explained class with its map. */
import { htmlPage, type PageClass, type PageSection } from "@backlit/core";
import { figureOf } from "../../figures/figure.ts";
import type { Pictures } from "../../host/host.ts";
import { type ExplainedTable, tablesOf } from "../../kinds/table/rows-table.ts";
import { viewOf } from "../../kinds/view-of.ts";
import { describeRecipe } from "../../report/recipe.ts";
import { figures, rowCharts, rowsCharts, stepByStep } from "../../report/rows-charts.ts";
import type { ExplainedRow } from "../../rows/explained.ts";
import { leftOut, oneByOne } from "../../rows/one-by-one.ts";
import { type RankedClass, titleOf, winnerBeside } from "../../rows/top.ts";
import type { ViewContext } from "../../views/view.ts";
import type { ExplainResult } from "./result.ts";

type Drawn = Pick<
  ExplainResult,
  "explained" | "drawing" | "features" | "preprocessor" | "lookedUp" | "steps" | "look" | "visits" | "asked"
>;

export interface PageOptions {
  /** Features shown at most. */
  readonly top?: number | undefined;
  /** Rows of an INPUT of many that have a section of their own, at most. */
  readonly shown?: number | undefined;
  /** Writes small pictures; default: PNG. */
  readonly pictures?: Pick<Pictures, "encode"> | undefined;
}

/** How views of a result are drawn. */
export const contextOf = (drawn: Drawn, { top, pictures }: PageOptions = {}): ViewContext => {
  const { explained, drawing, features, preprocessor, lookedUp, steps, look, visits, asked } = drawn;
  return { explained, features, preprocessor, drawing, lookedUp, steps, look, visits, ledger: asked.ledger, top, pictures };
};

/** UTF-8. */
export const explainPage = async (result: ExplainResult, options: PageOptions = {}): Promise<Uint8Array> => {
  const { model, rows, explained, output, recipe, hash, beside } = result;
  const context = contextOf(result, options);
  const tables = beside || rows.length < FEW ? [] : tablesOf(rows, context);
  const sections: PageSection[] = [];
  const few = new Set(oneByOne(rows, options.shown));
  const left = leftOut(rows, options.shown);
  for (const [place, row] of rows.entries()) {
    if (!few.has(row)) continue;
    const name = row.index === undefined ? row.sample.file : `${row.sample.file}, row ${row.index}`;
    if (beside) {
      sections.push(await besideSection(name, row, context));
      continue;
    }
    for (const [k, map] of row.maps.entries()) {
      const shown = row.top.some(({ index }) => index === map.target.index) ? row.top : [...row.top, map.target];
      sections.push({
        title: row.maps.length > 1 ? `${name}: ${titleOf(map.target)}` : name,
        classes: shown.map((one) => pageClass(one, row, [map.target])),
        ...(map.note && { note: map.note.text }),
        // What the model saw is the same for every class: it stands above the first alone.
        ...withSteps(await viewOf(row, map, context).html({ input: k === 0 }), {
          tables,
          place,
          title: titleOf(map.target),
          top: options.top,
        }),
      });
    }
  }
  const page = htmlPage({
    title: `What ${model.name} looked at`,
    subtitle: `${describeRecipe(recipe)}; output '${output}', explained onto ${explained.join(", ")}`,
    sections: [...tables.filter((table) => table.rows.length >= FEW).map((table) => overRows(table, options.top)), ...sections],
    notes: [...(left === undefined ? [] : [left]), `model ${model.name}, SHA-256 ${model.sha256}`, `recipe ${hash}`],
  });
  return new TextEncoder().encode(page);
};

/** Fewer rows are looked at one by one. */
const FEW = 4;

const overRows = (table: ExplainedTable, top: number | undefined): PageSection => ({
  title: `${table.rows.length} rows, ${table.title}`,
  classes: [],
  body: figures(rowsCharts(table, top), table.title),
  legend: "",
});

interface Steps {
  readonly tables: readonly ExplainedTable[];
  readonly place: number;
  readonly title: string;
  readonly top: number | undefined;
}

/** A table's row is shown step by step, too. */
const withSteps = <H extends { readonly body: string }>(drawn: H, { tables, place, title, top }: Steps): H => {
  const table = tables.find((one) => one.title === title);
  const row = table?.places.indexOf(place) ?? -1;
  return table === undefined || row < 0
    ? drawn
    : { ...drawn, body: `${drawn.body}\n${stepByStep(rowCharts(table, row, top), `${title}, row ${place}`)}` };
};

/** One figure of all classes, under one prediction. */
const besideSection = async (title: string, row: ExplainedRow, context: ViewContext): Promise<PageSection> => {
  const targets = row.maps.map(({ target }) => target);
  const beyond = targets.filter(({ index }) => !row.top.some((one) => one.index === index));
  return {
    title,
    classes: [...row.top, ...beyond].map((one) => pageClass(one, row, targets)),
    ...(await figureOf(row, context).html()),
  };
};

const pageClass = (one: RankedClass, { top }: ExplainedRow, targets: readonly RankedClass[]): PageClass => ({
  ...one,
  name: titleOf(one),
  explained: targets.some(({ index }) => index === one.index),
  winner: targets.every((target) => winnerBeside(top, target) === one),
});
