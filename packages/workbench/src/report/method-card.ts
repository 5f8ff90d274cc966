/** Cards of methods as people read them: a line in a list, a page in the terminal, a page in docs/methods.md. */
import type { Family, MethodCard } from "@backlit/core";
import { cardList, factLines, parameterLines, underFamilies } from "./card-pieces.ts";

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

export const byFamily = (cards: readonly MethodCard[]) => underFamilies(FAMILIES, cards);

/** A line for every method, under its family. */
export const methodList = (cards: readonly MethodCard[], bold: (text: string) => string, width: number | undefined): string =>
  cardList(FAMILIES, cards, bold, width);

const classLine = ({ classDiscriminative }: MethodCard): string =>
  classDiscriminative ? "the map is that of its class" : "the map is much the same for every class";

export const needsLine = ({ modelAgnostic }: MethodCard): string =>
  modelAgnostic ? "nothing but the model's outputs" : "the model's inside";

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
  return [`${bold(card.name)}: ${card.what}`, ...factLines(facts), ...parameterLines(card.parameters), ""].join("\n");
};
