/** backlit methods: which methods there are, and what to know of each. */
import { compiledCards, composites, type MethodCard, methodCards } from "@backlit/core";
import { known, methodList, methodPage } from "@backlit/workbench";
import { sayJson } from "../door.ts";
import type { Register } from "./command.ts";

export const methodsCommand: Register = (program, io) => {
  program
    .command("methods")
    .description("list the attribution methods, or say all of one")
    .argument("[name]")
    .option("--json", "one JSON document on stdout")
    .option("--debug", "show where an error was thrown")
    .action((name: string | undefined, { json }: { json?: boolean }) => {
      known(
        "method",
        name,
        methodCards.map((card) => card.name),
      );
      const cards = methodCards.filter((card) => name === undefined || card.name === name);
      const { bold } = io.colours;
      if (json) sayJson(io, name === undefined ? { methods: cards.map(document) } : document(cards[0]!));
      else if (name === undefined) io.out(`${methodList(cards, bold, io.columns)}\nbacklit methods NAME says all of one\n`);
      else io.out(`${methodPage(cards[0]!, isCompiled(cards[0]!), bold)}${name === "lrp" ? compositeList() : ""}`);
    });
};

const isCompiled = (card: MethodCard): boolean => compiledCards.includes(card);

const document = (card: MethodCard) => ({
  ...card,
  classDiscriminative: card.classDiscriminative,
  modelAgnostic: card.modelAgnostic ?? false,
  compiled: isCompiled(card),
});

const compositeList = (): string =>
  ["composites, for --composite", ...Object.values(composites).map(({ name, what }) => `  ${name.padEnd(25)} ${what}`), ""].join(
    "\n",
  );
