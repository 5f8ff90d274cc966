/** Inside the network, erasing, comparing, random weights, and a visit without a network. */
import { expect, test } from "vitest";
import { computed, type Site, visit } from "../browser.ts";

const POLL = { timeout: 100_000 };

export const inside = (site: () => Site): void => {
  test("a block of the network: its account, another rule, undo; its relevance by channel", async () => {
    const { page, said } = await visit(site(), "?example=digit-8");
    await computed(page);
    const region = page.getByRole("region", { name: "Where did relevance go?" });
    await region.getByRole("heading").click();
    await region.locator("canvas.graph").waitFor();
    const row = region.locator(".losing tbody tr").first();
    await row.getByRole("button").press("Enter");
    const block = region.locator(".block");
    expect(await block.textContent()).toMatch(/came, .* went on \((lost|added): /);
    const hash = page.locator(".hash code");
    const usual = await hash.textContent();
    await block.getByRole("combobox").selectOption("zplus");
    await expect.poll(() => hash.textContent(), POLL).not.toBe(usual);
    await computed(page);
    expect(new URL(page.url()).searchParams.get("rules")).toContain("zplus");
    await page.keyboard.press("Escape");
    await page.locator("#map").focus();
    await page.keyboard.press("u");
    await expect.poll(() => hash.textContent(), POLL).toBe(usual);
    await block.getByRole("button", { name: "Relevance here" }).click();
    await block.locator(".features tbody tr").first().getByRole("button").click();
    const through = block.locator(".channel");
    await through.getByRole("heading", { name: /^Through channel \d+ alone$/ }).waitFor();
    expect(await through.locator("li").textContent()).toMatch(/% of the relevance here/);
    await through.locator("canvas").waitFor();
    const graph = region.locator("canvas.graph");
    await graph.focus();
    for (const key of ["+", "ArrowDown", "-", "0"]) await page.keyboard.press(key);
    await graph.click({ position: { x: (await graph.boundingBox())!.width / 2, y: 30 } });
    await expect.poll(() => block.getAttribute("data-block"), POLL).not.toBe(await row.getByRole("button").textContent());
    expect(said).toEqual([]);
    await page.close();
  });

  test("parts are erased and restored by keyboard; two methods stand side by side; weights are drawn anew", async () => {
    const { page, said } = await visit(site(), "?example=digit-3");
    await computed(page);
    const erase = page.getByRole("region", { name: "Erase parts" });
    await erase.getByRole("heading").click();
    const now = erase.locator("p.now");
    await now.waitFor();
    const before = await now.textContent();
    await erase.getByRole("slider", { name: "Size" }).press("End");
    await erase.locator("canvas").press(" ");
    await expect.poll(() => now.textContent(), POLL).not.toBe(before);
    await erase.getByRole("button", { name: "The whole picture again" }).click();
    await expect.poll(() => now.textContent(), POLL).toBe(before);
    const compare = page.getByRole("region", { name: "Compare methods" });
    await compare.getByRole("heading").click();
    await compare.getByRole("combobox", { name: "Add" }).selectOption("epsilon-plus");
    await compare.getByRole("button", { name: "Compare", exact: true }).click();
    await compare.locator("td .small").nth(2).waitFor();
    const believe = page.getByRole("region", { name: "Does the map hold?" });
    await believe.getByRole("button", { name: "Check with random weights" }).click();
    await believe.getByText(/ρ is -?\d\.\d\d on average/).waitFor();
    expect(said).toEqual([]);
    await page.close();
  });
};
