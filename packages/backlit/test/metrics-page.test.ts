/** docs/metrics.md against the cards, which `npm run docs:metrics` writes. */
import { imputers, metrics } from "@backlit/core";
import { metricsPage } from "@backlit/workbench";
import { expect, test } from "vitest";
import { repository } from "./support.ts";

const cards = Object.values(metrics).map(({ card }) => card);

test("every metric has one card, with defaults in their own ranges and scores that say which way is better", () => {
  expect(new Set(cards.map(({ name }) => name)).size).toBe(cards.length);
  for (const { name, parameters, scores, ...card } of cards) {
    for (const text of [card.what, card.definition, card.source, card.cost, card.criticism]) expect(text, name).not.toBe("");
    expect(Object.keys(scores).length, name).toBeGreaterThan(0);
    for (const [score, { what, range }] of Object.entries(scores)) {
      expect(what !== "" && range !== "", `${name} ${score}`).toBe(true);
      expect(score).toMatch(/^[a-z0-9_.-]+$/);
    }
    for (const [key, { default: value, min = -Infinity, max = Infinity, choices }] of Object.entries(parameters)) {
      const label = `${name} ${key}`;
      if (typeof value === "number") expect(value >= min && value <= max, label).toBe(true);
      if (choices && value !== "") expect(choices, label).toContain(value);
    }
  }
});

test("docs/metrics.md is up to date (npm run docs:metrics writes it)", async () => {
  const stand = Object.values(imputers).map(({ card }) => card);
  await expect(metricsPage(cards, stand)).toMatchFileSnapshot(repository("docs/metrics.md"));
});
