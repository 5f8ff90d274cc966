/** Cards of methods as people read them: a line in a list, a page in the terminal, a page in docs/methods.md. */
import { type Family, type MethodCard, parameterRange } from "@backlit/core";
import { table } from "./table.ts";

/** Families in the order of a list, with what they have in common. */
export const FAMILIES: Readonly<Record<Family, string>> = {
  relevance: "relevance handed back from layer to layer",
  gradient: "gradients, one or many of them",
  reference: "differences to reference inputs",
  taylor: "a Taylor expansion around a root point",
  cam: "feature maps of a late layer, weighted",
  attention: "attention weights",
  perturbation: "what happens when parts of the input are taken away",
  synthesis: "inputs made from nothing",
};

export const byFamily = (cards: readonly MethodCard[]): readonly (readonly [Family, readonly MethodCard[]])[] =>
  (Object.keys(FAMILIES) as Family[])
    .map((family) => [family, cards.filter((card) => card.family === family)] as const)
    .filter(([, own]) => own.length > 0);

/** A line for every method, under its family. */
export const methodList = (cards: readonly MethodCard[], bold: (text: string) => string, width: number | undefined): string => {
  const rows = byFamily(cards).flatMap(([, own]) => own.map(({ name, what, cost }) => [name, what, cost]));
  const columns = [
    { title: "name" },
    { title: "what", cut: "end", least: 24 },
    { title: "cost", cut: "end", least: 12 },
  ] as const;
  const [head, ...lines] = table(columns, rows, width);
  const sections = byFamily(cards).map(([family, own]) => {
    const mine = lines.splice(0, own.length);
    return `${bold(`${family}: ${FAMILIES[family]}`)}\n${mine.join("\n")}\n`;
  });
  return `${head}\n\n${sections.join("\n")}`;
};

export const classLine = ({ classDiscriminative }: MethodCard): string =>
  classDiscriminative ? "the map is that of its class" : "the map is much the same for every class";

export const needsLine = ({ modelAgnostic }: MethodCard): string =>
  modelAgnostic ? "nothing but the model's outputs" : "the model's inside";

export const defaultOf = (value: number | string | boolean): string => (value === "" ? "none" : String(value));

/** One card in full, wrapped by whoever shows it. */
export const methodPage = (card: MethodCard, compiled: boolean, bold: (text: string) => string): string => {
  const facts = [
    ["family", card.family],
    ["assumes", card.assumes],
    ["conserves", card.conserves],
    ["cost", `${card.cost} (F a forward pass, G a gradient pass of about 2 F)`],
    ["class", classLine(card)],
    ["needs", needsLine(card)],
    ["compile", compiled ? "yes: one pass, as a model of its own" : "no: it asks the model more than once"],
    ["source", card.source],
  ];
  const parameters = Object.entries(card.parameters).flatMap(([name, parameter]) => [
    `  --set ${name}=${defaultOf(parameter.default)}`,
    `      ${parameter.what}${typeof parameter.default === "string" && !parameter.choices ? "" : `; ${parameterRange(parameter)}`}`,
  ]);
  return [
    `${bold(card.name)}: ${card.what}`,
    ...facts.map(([key, value]) => `  ${key!.padEnd(10)} ${value}`),
    ...(parameters.length > 0 ? ["parameters, with their defaults", ...parameters] : ["it has no parameters"]),
    "",
  ].join("\n");
};
