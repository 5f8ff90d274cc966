/** docs/methods.md, from the cards. */
import type { MethodCard } from "@backlit/core";
import { parameterTable } from "./card-pieces.ts";
import { anchorsOf, row, sentence } from "./markdown.ts";
import { byFamily, FAMILIES, needsLine } from "./method-card.ts";

/** The page docs/methods.md, made from the cards. `compiled`: those of methods that are one compiled pass. */
export const methodsPage = (cards: readonly MethodCard[], compiled: readonly MethodCard[]): string => {
  const isCompiled = (card: MethodCard) => compiled.includes(card);
  const anchors = anchorsOf(byFamily(cards).flatMap(([, own]) => own.map(({ name }) => name)));
  const list = cards.map((card) =>
    row([
      `[\`${card.name}\`](#${anchors.get(card.name)})`,
      card.family,
      card.cost,
      isCompiled(card) ? "yes" : "",
      card.classDiscriminative ? "yes" : "no",
    ]),
  );
  const flat = cards.filter((card) => !card.classDiscriminative).map(({ name }) => `\`${name}\``);
  const agnostic = cards.filter((card) => card.modelAgnostic).map(({ name }) => `\`${name}\``);
  return `# Methods

<!-- Written from the methods' cards by \`npm run docs:methods\`. -->

\`backlit methods\` prints this list, \`backlit methods NAME\` one card.

\`\`\`
backlit explain MODEL INPUT --method NAME --set key=value --set key=value
\`\`\`

\`\`\`ts
await lit.explain(x, { method: "integrated-gradients", params: { steps: 100 }, random: 0, signal, onRows: (done, total) => {} })
\`\`\`

Costs count passes: F is a forward pass, G a gradient pass of about 2 F; other letters and words are parameters. What is **compiled** is one pass and
may be written as a model of its own (\`backlit compile\`). A method that asks the model more than once runs its rows in batches; rows do not depend on
the batch they are in, nor do random numbers (\`--seed-rng\`).

| method | family | cost | compiled | class-specific |
|---|---|---|---|---|
${list.join("\n")}

## Maps that do not change with the class

${flat.join(", ")}: 
their maps show what the network looks at, and are much the same whichever class is explained. They answer no question of the form
"why this class and not that one"; the command says so when \`--target\` is given.

## Models that cannot be taken apart

${agnostic.join(", ")} need nothing but the model's outputs:
they explain models with operators backlit has no rule for.

${byFamily(cards)
  .map(
    ([family, own]) =>
      `## Family ${family}\n\n${sentence(FAMILIES[family])}\n\n${own.map((card) => section(card, isCompiled(card))).join("\n")}`,
  )
  .join("\n")}`;
};

const section = (card: MethodCard, compiled: boolean): string => {
  const { name, what, assumes, conserves, cost, classDiscriminative, source, parameters } = card;
  const facts = [
    ["assumes", assumes],
    ["conserves", conserves],
    ["cost", `${cost}${compiled ? ", compiled" : ""}`],
    ["needs", needsLine(card)],
    ...(classDiscriminative ? [] : [["class", "**the map does not change with the class**"]]),
    ["source", source],
  ];
  return [
    `### ${name}`,
    "",
    sentence(what),
    "",
    ...facts.map(([key, value]) => `- ${key}: ${value}`),
    "",
    ...parameterTable(parameters),
  ].join("\n");
};
