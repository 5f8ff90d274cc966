/** The HTML page of `explain`: every input with its prediction, and every explained class with its map. */
import { htmlPage, type PageSection } from "@backlit/core";
import { type ExplainedRow } from "../../rows/explained.ts";
import { describeRecipe } from "../../report/recipe.ts";
import { figureOf } from "../../views/figure.ts";
import { titleOf } from "../../rows/top.ts";
import { type ViewContext } from "../../views/view.ts";
import { viewOf } from "../../views/index.ts";
import type { Explained } from "backlit";
import type { Reported } from "./words.ts";

export const contextOf = ({ plan, drawing, features, preprocessor, options }: Reported): ViewContext => ({
  explained: plan.explained,
  features,
  preprocessor,
  drawing,
  top: options.features,
});

export const pageFile = (explained: Explained): Uint8Array => {
  const { bundle, rows, plan, explanations, sha256 } = explained;
  const sections = rows.flatMap((row) => {
    const name = row.index === undefined ? row.sample.file : `${row.sample.file}, row ${row.index}`;
    if (explained.beside) return [besideSection(name, row, explained)];
    return row.maps.map((map) => {
      const shown = row.top.some(({ index }) => index === map.target.index) ? row.top : [...row.top, map.target];
      return {
        title: row.maps.length > 1 ? `${name}: ${titleOf(map.target)}` : name,
        classes: shown.map((one) => ({ ...one, name: titleOf(one), explained: one.index === map.target.index })),
        ...(map.note && { note: map.note.text }),
        ...viewOf(row, map, contextOf(explained)).html(),
      };
    });
  });
  const page = htmlPage({
    title: `What ${bundle.name} looked at`,
    subtitle: `${describeRecipe(explanations[0]!.recipe)}; output '${plan.output}', explained onto ${plan.explained.join(", ")}`,
    sections,
    notes: [`model ${bundle.name}, SHA-256 ${sha256}`, `recipe ${explanations[0]!.hash}`],
  });
  return new TextEncoder().encode(page);
};

/** One figure of all classes, under one prediction. */
const besideSection = (title: string, row: ExplainedRow, explained: Explained): PageSection => {
  const targets = row.maps.map(({ target }) => target);
  const beyond = targets.filter(({ index }) => !row.top.some((one) => one.index === index));
  return {
    title,
    classes: [...row.top, ...beyond].map((one) => ({
      ...one,
      name: titleOf(one),
      explained: targets.some(({ index }) => index === one.index),
    })),
    ...figureOf(row, contextOf(explained)).html(),
  };
};
