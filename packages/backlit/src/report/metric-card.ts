/** Cards of metrics as people read them: a line in a list, a page in the terminal, a page in docs/metrics.md. */
import { type ImputerCard, type MetricCard, type MetricFamily, type MetricScore, parameterRange } from "@backlit/core";
import { defaultOf } from "./method-card.ts";
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

export const byMetricFamily = (cards: readonly MetricCard[]): readonly (readonly [MetricFamily, readonly MetricCard[]])[] =>
  (Object.keys(METRIC_FAMILIES) as MetricFamily[])
    .map((family) => [family, cards.filter((card) => card.family === family)] as const)
    .filter(([, own]) => own.length > 0);

/** A line for every metric, under its family. */
export const metricList = (cards: readonly MetricCard[], bold: (text: string) => string, width: number | undefined): string => {
  const rows = byMetricFamily(cards).flatMap(([, own]) => own.map(({ name, what, cost }) => [name, what, cost]));
  const columns = [
    { title: "name" },
    { title: "what", cut: "end", least: 24 },
    { title: "cost", cut: "end", least: 12 },
  ] as const;
  const [head, ...lines] = table(columns, rows, width);
  const sections = byMetricFamily(cards).map(
    ([family, own]) => `${bold(`${family}: ${METRIC_FAMILIES[family]}`)}\n${lines.splice(0, own.length).join("\n")}\n`,
  );
  return `${head}\n\n${sections.join("\n")}`;
};

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
  const parameters = Object.entries(card.parameters).flatMap(([name, parameter]) => [
    `  --set ${card.name}.${name}=${defaultOf(parameter.default)}`,
    `      ${parameter.what}${typeof parameter.default === "string" && !parameter.choices ? "" : `; ${parameterRange(parameter)}`}`,
  ]);
  return [
    `${bold(card.name)}: ${card.what}`,
    ...facts.map(([key, value]) => `  ${key!.padEnd(10)} ${value}`),
    "scores, the first is the one methods are ranked by",
    ...scores,
    ...(parameters.length > 0 ? ["parameters, with their defaults", ...parameters] : ["it has no parameters"]),
    "",
  ].join("\n");
};
