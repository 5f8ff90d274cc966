/** Cards of metrics as people read them: a line in a list, a page in the terminal, a page in docs/metrics.md. */
import type { ImputerCard, MetricCard, MetricFamily, MetricScore } from "@backlit/core";
import { cardList, factLines, parameterLines, underFamilies } from "./card-pieces.ts";
import { table } from "./table.ts";

/** Families in the order of a list, with what they ask. */
export const METRIC_FAMILIES: Readonly<Record<MetricFamily, string>> = {
  perturbation: "does the score fall when what the map marks is removed?",
  faithfulness: "do the map's numbers say how far the score falls?",
  localisation: "does the relevance lie on the object?",
  robustness: "does the map stay where the input hardly changes?",
  complexity: "how concentrated, how simple is the map?",
  randomisation: "does the map change when the model or the class does?",
  axioms: "does the map keep the promises its method makes?",
};

export const byMetricFamily = (cards: readonly MetricCard[]) => underFamilies(METRIC_FAMILIES, cards);

/** A line for every metric, under its family. */
export const metricList = (cards: readonly MetricCard[], bold: (text: string) => string, width: number | undefined): string =>
  cardList(METRIC_FAMILIES, cards, bold, width);

/** Imputers as lines of text, cut to `width` columns where one is given. */
export const imputerList = (cards: readonly ImputerCard[], bold: (text: string) => string, width: number | undefined): string => {
  const rows = cards.map(({ form, what, random }) => [form, `${what}${random ? " (draws)" : ""}`]);
  const [, ...lines] = table([{ title: "form" }, { title: "what", cut: "end", least: 24 }], rows, width);
  return `${bold("imputers: what stands in for removed values (--imputer)")}\n${lines.join("\n")}\n`;
};

/** "0 to 1, higher is better" */
export const scoreLine = ({ direction, byOrder, range }: MetricScore): string =>
  [range, ...(direction === undefined ? [] : [`${direction} is better${byOrder ? " with the order morf" : ""}`])].join(", ");

const NEEDS = {
  masks: "where the object is: masks or boxes",
  explain: "maps of changed inputs: the method is run again",
  randomised: "maps of changed models: the method is run again",
} as const;

export const metricNeeds = ({ needs = [], scope }: MetricCard): string =>
  [...needs.map((need) => NEEDS[need]), ...(scope === "set" ? ["the other samples: a score depends on them"] : [])].join("; ") ||
  "the map and the model's outputs";

/** One card in full, wrapped by whoever shows it. */
export const metricPage = (card: MetricCard, bold: (text: string) => string): string => {
  const facts = [
    ["family", `${card.family}: ${METRIC_FAMILIES[card.family]}`],
    ["definition", card.definition],
    ["source", card.source],
    ["cost", `${card.cost} (F a forward pass, G a gradient pass of about 2 F)`],
    ["needs", metricNeeds(card)],
    ["criticism", card.criticism],
  ];
  const scores = Object.entries(card.scores).flatMap(([name, score]) => [
    `  ${name}: ${score.what}`,
    `      ${scoreLine(score)}`,
  ]);
  return [
    `${bold(card.name)}: ${card.what}`,
    ...factLines(facts),
    "scores, the first is the one methods are ranked by",
    ...scores,
    ...parameterLines(card.parameters, `${card.name}.`),
    "",
  ].join("\n");
};
