/** A map put to the test by the page, against the metric in Node. */
import { fileURLToPath } from "node:url";
import { judgeOf, metrics } from "@backlit/core";
import { expect, test } from "vitest";
import { load } from "../../../backlit/src/load.ts";
import { computed, type Site, visit } from "../browser.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** SRG of the digit's usual map, as `evaluate` has it. */
const measured = async (): Promise<number> => {
  await using lit = await load(`${root}/models/digits`);
  const { result } = await lit.results([`${root}/data/digit-pictures/3.png`]);
  const [{ sample, maps }] = result.rows as [(typeof result.rows)[number]];
  const judge = await judgeOf(lit, sample.feeds);
  const map = maps[0]!.relevances[result.explained[0]!]!;
  const { scores } = await judge.measure(metrics.srg!, {}, { relevance: { ...map, dims: [1, ...map.dims] } });
  return scores.srg![0]!;
};

export const believe = (site: () => Site): void => {
  test("a map is put to the test: played, stopped, stepped, scrubbed by keyboard; its gain is Node's", async () => {
    const { page, said } = await visit(site(), "?example=digit-3");
    await computed(page);
    const section = page.locator('section[aria-labelledby="believe"]');
    const button = (name: string) => section.getByRole("button", { name, exact: true });
    await button("Play").press("Enter");
    await button("Pause").press("Enter");
    const step = section.getByRole("slider", { name: "Step" });
    await step.focus();
    await page.keyboard.press("Home");
    const now = section.locator("p.now");
    expect(await now.textContent()).toMatch(/^Step 0 of \d+: 0 of 196 parts are gone/);
    await button("One step on").press("Enter");
    expect(await now.textContent()).toMatch(/^Step 1 of \d+: 1 of 196/);
    const before = await now.textContent();
    await section.getByRole("combobox", { name: "First goes" }).selectOption("lif");
    expect(await now.textContent()).not.toBe(before);
    await step.press("End");
    expect(await now.textContent()).toContain("196 of 196 parts are gone");
    const verdict = section.locator(".verdict");
    expect(await verdict.textContent()).toMatch(/^The map holds:/);
    expect(Number(await verdict.getAttribute("data-srg"))).toBeCloseTo(await measured(), 4);
    expect(await section.locator("table tbody tr").count()).toBeGreaterThan(10);
    expect(said).toEqual([]);
    await page.close();
  });
};
