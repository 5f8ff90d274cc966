/** docs/metrics.md, from the cards. */
import type { ImputerCard, MetricCard } from "@backlit/core";
import { parameterTable } from "./card-pieces.ts";
import { anchorsOf, row, sentence } from "./markdown.ts";
import { byMetricFamily, METRIC_FAMILIES, metricNeeds, scoreLine } from "./metric-card.ts";

/** The page docs/metrics.md, made from the cards. */
export const metricsPage = (cards: readonly MetricCard[], imputers: readonly ImputerCard[]): string => {
  const families = byMetricFamily(cards);
  const anchors = anchorsOf(families.flatMap(([, own]) => own.map(({ name }) => name)));
  const list = families.flatMap(([family, own]) =>
    own.map((card) => {
      const [first] = Object.values(card.scores);
      return row([`[\`${card.name}\`](#${anchors.get(card.name)})`, family, card.what, first!.direction ?? "", card.cost]);
    }),
  );
  return `# Metrics

<!-- Written from the metrics' cards by \`npm run docs:metrics\`. -->

\`backlit metrics\` prints this list, \`backlit metrics NAME\` one card.

\`\`\`
backlit evaluate MODEL DATA --metrics NAME,NAME --unit grid:16 --imputer zero,blur --score probability --set METRIC.key=value
\`\`\`

A metric gives one number a sample, and a sample's number never depends on the other samples (but for metrics that say so). Whatever is random is drawn
by the sample's number and the seed (\`--seed-rng\`). Random maps are in every table: their scores are the noise floor, below which a method says nothing.
Costs count passes: F is a forward pass, G a gradient pass of about 2 F; other letters and words are parameters.

| metric | family | what | better | cost |
|---|---|---|---|---|
${list.join("\n")}

## Imputers

What stands in for removed values. None is right: a method may win by its imputer, so two are shown unless you choose.

| imputer | what | draws | source |
|---|---|---|---|
${imputers.map(({ form, what, random, source }) => row([`\`${form}\``, what, random ? "yes" : "", source])).join("\n")}

${families.map(([family, own]) => `## Family ${family}\n\n${sentence(METRIC_FAMILIES[family])}\n\n${own.map(section).join("\n")}`).join("\n")}`;
};

const section = (card: MetricCard): string => {
  const { name, what, definition, source, cost, criticism, scores, parameters } = card;
  const facts = [
    ["definition", definition],
    ["source", source],
    ["cost", cost],
    ["needs", metricNeeds(card)],
    ["criticism", criticism],
  ];
  return [
    `### ${name}`,
    "",
    sentence(what),
    "",
    ...facts.map(([key, value]) => `- ${key}: ${value}`),
    "",
    "| score | what | range |",
    "|---|---|---|",
    ...Object.entries(scores).map(([key, score]) => row([`\`${key}\``, score.what, scoreLine(score)])),
    "",
    ...parameterTable(parameters),
  ].join("\n");
};
