/** docs/methods.md against the cards, which `npm run docs:methods` writes. */
import { compiledCards, METHODS, methodCards, methods, parameterRange } from "@backlit/core";
import { methodsPage } from "@backlit/workbench";
import { expect, test } from "vitest";
import { repository } from "./support.ts";

test("every method has one card, with defaults in their own ranges", () => {
  const names = methodCards.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(compiledCards.map(({ name }) => name).sort()).toEqual([...METHODS].sort());
  expect(names).toEqual(expect.arrayContaining([...METHODS, ...Object.keys(methods)]));
  for (const { name, parameters, ...card } of methodCards) {
    for (const text of [card.what, card.assumes, card.conserves, card.cost, card.source]) expect(text, name).not.toBe("");
    for (const [key, { default: value, min = -Infinity, max = Infinity, choices }] of Object.entries(parameters)) {
      const label = `${name} ${key}`;
      if (typeof value === "number") expect(value >= min && value <= max, label).toBe(true);
      if (choices && value !== "") expect(choices, label).toContain(value);
    }
  }
});

test("ranges in words", () => {
  expect(parameterRange({ what: "", default: 3, min: 1, max: 9, integer: true })).toBe("a whole number from 1 to 9");
  expect(parameterRange({ what: "", default: 0.5, min: 0 })).toBe("a number of at least 0");
  expect(parameterRange({ what: "", default: true })).toBe("true or false");
});

test("docs/methods.md is up to date (npm run docs:methods writes it)", async () => {
  await expect(methodsPage(methodCards, compiledCards)).toMatchFileSnapshot(repository("docs/methods.md"));
});
