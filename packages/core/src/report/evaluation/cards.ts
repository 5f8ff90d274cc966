/** What the methods and metrics of an evaluation are, behind folds: cards and whole recipes. */

import type { MethodCard } from "../../cards/method.ts";
import type { MetricCard } from "../../evaluate/card.ts";
import type { EvaluatedMethod, EvaluationResult } from "../../evaluate/result.ts";
import { type Html, html, joinHtml } from "../../render/html/html.ts";
import { better, definitions } from "./html.ts";
import { RANDOM } from "./view.ts";

type Fact = readonly [name: string, text: string];

const fold = (title: string, what: string, content: Html): Html =>
  html`<details><summary><strong>${title}</strong>${what !== "" && html` <span>${what}</span>`}</summary>${content}</details>`;

/** `describe`: a recipe in a few words. */
export const methodFolds = (
  { methods }: EvaluationResult,
  cards: readonly MethodCard[],
  describe: (recipe: unknown) => string,
): Html => {
  const real = methods.filter(({ random }) => !random);
  const draws = methods.filter(({ random }) => random);
  const folds = real.map(({ name, recipe, hash }) => {
    const card = cards.find((one) => one.name === (recipe as { method?: string } | undefined)?.method);
    const words = describe(recipe);
    const about: readonly Fact[] = [
      ...(words === "" ? [] : [["recipe", words] as const]),
      ...(card
        ? ([
            ["what", card.what],
            ["assumes", card.assumes],
            ["conserves", card.conserves],
            ["cost", card.cost],
            ["source", card.source],
          ] as const)
        : []),
      ["hash", hash],
    ];
    return fold(
      name,
      words === name ? (card?.what ?? "") : words,
      html`${definitions(about)}${json(`Recipe of ${name}`, recipe)}`,
    );
  });
  return joinHtml([...folds, ...(draws.length > 0 ? [randomFold(draws)] : [])], "\n");
};

const randomFold = (draws: readonly EvaluatedMethod[]): Html =>
  fold(
    RANDOM,
    "independent normal numbers: what a map without knowledge of the model scores",
    html`<p>${draws.length} independent ${draws.length === 1 ? "set" : "sets"} of maps. The band in the tables, the noise floor, is where the mean score of one set lies.</p>${json(
      "Recipes of the random maps",
      draws.map(({ recipe }) => recipe),
    )}`,
  );

export const metricFolds = ({ settings }: EvaluationResult, cards: Readonly<Record<string, MetricCard | undefined>>): Html =>
  joinHtml(
    [...new Set(settings.map(({ metric }) => metric))].map((metric) => {
      const own = settings.filter((setting) => setting.metric === metric).map(({ params }) => params);
      const chosen = json(`Parameters of ${metric}`, own.length === 1 ? own[0] : own);
      const card = cards[metric];
      if (card === undefined) return fold(metric, "", chosen);
      const scores = Object.entries(card.scores).map(
        ([name, { what, direction, range }]): Fact => [name, `${what}; ${range}; ${better(direction)}`],
      );
      const about: readonly Fact[] = [
        ["definition", card.definition],
        ["known criticism", card.criticism],
        ["cost", card.cost],
        ["source", card.source],
        ...(card.scope === "set" ? [["scope", "a sample’s score depends on the other samples"] as const] : []),
      ];
      return fold(metric, card.what, html`${definitions([...about, ...scores])}${chosen}`);
    }),
    "\n",
  );

const json = (label: string, value: unknown): Html =>
  html`<pre role="region" tabindex="0" aria-label="${label}">${readable(value)}</pre>`;

const LINE = 88;

/** JSON in which whatever fits on a line stands on one. */
const readable = (value: unknown, indent = ""): string => {
  const flat = JSON.stringify(value) ?? "null";
  if (typeof value !== "object" || value === null || flat.length + indent.length <= LINE) return spaced(value);
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const entries = Array.isArray(value)
    ? value.map((item) => readable(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${readable(item, inner)}`);
  return `${open}\n${entries.map((entry) => inner + entry).join(",\n")}\n${indent}${close}`;
};

const spaced = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.length === 0
    ? "{}"
    : `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${spaced(item)}`).join(", ")} }`;
};
