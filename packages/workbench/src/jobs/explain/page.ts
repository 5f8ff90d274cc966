/** The HTML page of `explain`: every input with its prediction, and every explained class with its map. */
import { htmlPage, type PageSection } from "@backlit/core";
import { describeRecipe } from "../../report/recipe.ts";
import type { ExplainedRow } from "../../rows/explained.ts";
import { titleOf } from "../../rows/top.ts";
import { figureOf } from "../../views/figure.ts";
import { viewOf } from "../../views/index.ts";
import type { ViewContext } from "../../views/view.ts";
import type { ExplainResult } from "./result.ts";

type Drawn = Pick<ExplainResult, "explained" | "drawing" | "features" | "preprocessor" | "lookedUp">;

/** How views of a result are drawn. `top`: features shown at most. */
export const contextOf = ({ explained, drawing, features, preprocessor, lookedUp }: Drawn, top?: number): ViewContext => ({
  explained,
  features,
  preprocessor,
  drawing,
  lookedUp,
  top,
});

/** UTF-8. `top`: features shown at most. */
export const explainPage = (result: ExplainResult, top?: number): Uint8Array => {
  const { model, rows, explained, output, recipe, hash, beside } = result;
  const sections = rows.flatMap((row) => {
    const name = row.index === undefined ? row.sample.file : `${row.sample.file}, row ${row.index}`;
    if (beside) return [besideSection(name, row, contextOf(result, top))];
    return row.maps.map((map) => {
      const shown = row.top.some(({ index }) => index === map.target.index) ? row.top : [...row.top, map.target];
      return {
        title: row.maps.length > 1 ? `${name}: ${titleOf(map.target)}` : name,
        classes: shown.map((one) => ({ ...one, name: titleOf(one), explained: one.index === map.target.index })),
        ...(map.note && { note: map.note.text }),
        ...viewOf(row, map, contextOf(result, top)).html(),
      };
    });
  });
  const page = htmlPage({
    title: `What ${model.name} looked at`,
    subtitle: `${describeRecipe(recipe)}; output '${output}', explained onto ${explained.join(", ")}`,
    sections,
    notes: [`model ${model.name}, SHA-256 ${model.sha256}`, `recipe ${hash}`],
  });
  return new TextEncoder().encode(page);
};

/** One figure of all classes, under one prediction. */
const besideSection = (title: string, row: ExplainedRow, context: ViewContext): PageSection => {
  const targets = row.maps.map(({ target }) => target);
  const beyond = targets.filter(({ index }) => !row.top.some((one) => one.index === index));
  return {
    title,
    classes: [...row.top, ...beyond].map((one) => ({
      ...one,
      name: titleOf(one),
      explained: targets.some(({ index }) => index === one.index),
    })),
    ...figureOf(row, context).html(),
  };
};
