/** What is clicked into the input is asked about: a box, a pixel, a word. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, computed, type Site, visit } from "../browser.ts";

const POLL = { timeout: 100_000 };
/** A folder that keeps what the tests saw. */
const pictures = process.env.BACKLIT_SCREENSHOTS;

export const asks = (site: () => Site): void => {
  test("a detector: a box in the picture asks about that detection, as its line does", async () => {
    const { page, said } = await visit(site(), "?example=boxes");
    await computed(page);
    const heading = page.locator("#map .target");
    expect(await heading.textContent()).toBe("box:0 (triangle)");
    const boxes = page.locator(".seen .box");
    expect(await boxes.count()).toBe(2);
    expect(await boxes.first().getAttribute("aria-pressed")).toBe("true");
    await boxes.nth(1).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => heading.textContent(), POLL).toBe("box:1 (circle)");
    await computed(page);
    expect(new URL(page.url()).searchParams.get("target")).toBe("box:1");
    if (pictures) await page.screenshot({ path: join(pictures, "studio-boxes.png"), fullPage: true });
    await page.locator(".classes button").first().click();
    await expect.poll(() => heading.textContent(), POLL).toBe("box:0 (triangle)");
    expect(said).toEqual([]);
    await page.close();
  });

  test("a segmentation: a click asks about the class at that pixel", async () => {
    const { page, said } = await visit(site(), "?example=regions");
    await computed(page);
    const heading = page.locator("#map .target");
    expect(await heading.textContent()).toBe("region:triangle");
    const canvas = page.locator(".seen canvas");
    const { width, height } = (await canvas.boundingBox())!;
    // Inside the triangle, whose box the detector gives as 12 to 33 and 16 to 37 of 64.
    await canvas.click({ position: { x: (23.5 / 64) * width, y: (32.5 / 64) * height } });
    await expect.poll(() => heading.textContent(), POLL).toBe("triangle@pixel:32,23");
    await computed(page);
    if (pictures) await page.screenshot({ path: join(pictures, "studio-pixel.png"), fullPage: true });
    expect(said).toEqual([]);
    await page.close();
  });

  test("words: what the model says of one, and why one was to be expected", async () => {
    const { page, said } = await visit(site(), "?example=names");
    await computed(page);
    const heading = page.locator("#map .target");
    const word = (text: string, n = 0) => page.locator(".words .word", { hasText: text }).nth(n);
    await word("jordan").click();
    await expect.poll(() => heading.textContent(), POLL).toBe("B-PER@position:1");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.locator(".verdict").waitFor();
    await page.getByRole("slider", { name: "Step" }).press("End");
    // Special tokens stay: all of the six words are gone.
    expect(await page.locator(".film del").count()).toBe(6);
    await word("jordan", 1).click();
    await expect.poll(() => heading.textContent(), POLL).toBe("B-LOC@position:6");
    await computed(page);
    if (pictures) await page.screenshot({ path: join(pictures, "studio-names.png"), fullPage: true });
    await page.getByRole("button", { name: "Next word" }).click();
    await expect.poll(() => heading.textContent(), POLL).toMatch(/@last$/);
    await computed(page);
    await word("dogs").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => heading.textContent(), POLL).toBe('token:"dogs"@position:4');
    await computed(page);
    await word("see").click();
    await expect.poll(() => heading.textContent(), POLL).toBe('token:"see"@position:5');
    expect(said).toEqual([]);
    await page.close();
  });

  test("a table: bars of a row, and charts over all of them", async () => {
    const { page, said } = await visit(site(), "?example=wines");
    await computed(page);
    expect(await page.locator(".features th").first().textContent()).toBe("flavanoids");
    await ask(page, `document.querySelector("#rows").closest("details").open = true`);
    await page.locator('img[data-chart*="beeswarm"]').waitFor();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    const verdict = page.locator(".verdict");
    expect(await verdict.textContent()).toMatch(/^The map holds/);
    expect(await page.getByText("stands the usual one of its column").count()).toBe(1);
    if (pictures) await page.screenshot({ path: join(pictures, "studio-wines.png"), fullPage: true });
    expect(said).toEqual([]);
    await page.close();
  });
};
