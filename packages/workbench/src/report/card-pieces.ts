/** What pages and lists of cards share, be they of methods or of metrics. */
import { type MethodParameter, parameterRange } from "@backlit/core";
import { row } from "./markdown.ts";
import { table } from "./table.ts";

interface Card<F extends string> {
  readonly name: string;
  readonly family: F;
  readonly what: string;
  readonly cost: string;
}

/** Cards under their families, in the order of the families; without those that have none. */
export const underFamilies = <F extends string, C extends Card<F>>(
  families: Readonly<Record<F, string>>,
  cards: readonly C[],
): readonly (readonly [F, readonly C[]])[] =>
  (Object.keys(families) as F[])
    .map((family) => [family, cards.filter((card) => card.family === family)] as const)
    .filter(([, own]) => own.length > 0);

/** A line for every card, under its family. */
export const cardList = <F extends string>(
  families: Readonly<Record<F, string>>,
  cards: readonly Card<F>[],
  bold: (text: string) => string,
  width: number | undefined,
): string => {
  const groups = underFamilies(families, cards);
  const rows = groups.flatMap(([, own]) => own.map(({ name, what, cost }) => [name, what, cost]));
  const columns = [
    { title: "name" },
    { title: "what", cut: "end", least: 24 },
    { title: "cost", cut: "end", least: 12 },
  ] as const;
  const [head, ...lines] = table(columns, rows, width);
  const sections = groups.map(
    ([family, own]) => `${bold(`${family}: ${families[family]}`)}\n${lines.splice(0, own.length).join("\n")}\n`,
  );
  return `${head}\n\n${sections.join("\n")}`;
};

export const factLines = (facts: readonly (readonly string[])[]): readonly string[] =>
  facts.map(([key, value]) => `  ${key!.padEnd(10)} ${value}`);

const defaultOf = (value: number | string | boolean): string => (value === "" ? "none" : String(value));

/** `prefix`: what stands before the name after --set. */
export const parameterLines = (parameters: Readonly<Record<string, MethodParameter>>, prefix = ""): readonly string[] => {
  const lines = Object.entries(parameters).flatMap(([name, parameter]) => [
    `  --set ${prefix}${name}=${defaultOf(parameter.default)}`,
    `      ${parameter.what}${typeof parameter.default === "string" && !parameter.choices ? "" : `; ${parameterRange(parameter)}`}`,
  ]);
  return lines.length > 0 ? ["parameters, with their defaults", ...lines] : ["it has no parameters"];
};

/** In Markdown; nothing where there are none. */
export const parameterTable = (parameters: Readonly<Record<string, MethodParameter>>): readonly string[] => {
  const rows = Object.entries(parameters).map(([key, parameter]) =>
    row([`\`${key}\``, parameter.what, defaultOf(parameter.default), parameterRange(parameter)]),
  );
  return rows.length > 0 ? ["| parameter | what | default | range |", "|---|---|---|---|", ...rows, ""] : [];
};
