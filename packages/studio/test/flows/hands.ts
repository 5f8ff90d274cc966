/** The same way through the page twice: with the keys alone, and with the pointer alone. */
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { ask, computed, type Site, visit } from "../browser.ts";

const POLL = { timeout: 100_000 };
/** More stops than the page has. */
const STOPS = 400;

/** Tab by tab until the focus, which is seen, stands there. */
const tabTo = async (page: Page, there: Locator): Promise<void> => {
  for (let stop = 0; stop < STOPS; stop++) {
    if (await there.evaluate((node) => node === node.ownerDocument.activeElement)) {
      const outline = await ask<string>(page, "getComputedStyle(document.activeElement).outlineStyle");
      expect(outline).not.toBe("none");
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`the focus never came to ${there}`);
};

/** Pressed at one place, let go at another; both in shares of what is dragged over. */
const drag = async (page: Page, over: Locator, from: readonly [number, number], to: readonly [number, number]) => {
  await over.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await over.boundingBox())!;
  await page.mouse.move(x + from[0] * width, y + from[1] * height);
  await page.mouse.down();
  await page.mouse.move(x + to[0] * width, y + to[1] * height, { steps: 5 });
  await page.mouse.up();
};

const placesOf = (page: Page) => {
  const region = (name: string) => page.getByRole("region", { name });
  const believe = region("Does the map hold?");
  const erase = region("Erase parts");
  const inside = region("Where did relevance go?");
  return {
    example: page.locator(".examples button", { hasText: "Digit 5" }),
    second: page.locator(".classes button").nth(1),
    heading: page.locator("#map .target"),
    hash: page.locator(".hash code"),
    epsilon: page.getByRole("slider", { name: "ε" }),
    undo: page.getByRole("button", { name: "Undo", exact: true }),
    opacity: page.getByRole("slider", { name: "Opacity" }),
    play: believe.getByRole("button", { name: "Play", exact: true }),
    pause: believe.getByRole("button", { name: "Pause", exact: true }),
    scrub: believe.getByRole("slider", { name: "Step" }),
    now: believe.locator("p.now"),
    eraseHead: erase.locator("summary").first(),
    size: erase.getByRole("slider", { name: "Size" }),
    eraser: erase.locator("canvas"),
    erased: erase.locator("p.now"),
    whole: erase.getByRole("button", { name: "The whole picture again" }),
    insideHead: inside.locator("summary").first(),
    graph: inside.locator("canvas.graph"),
    block: inside.locator(".block"),
    losing: inside.locator(".losing button").first(),
    numbers: page.getByRole("button", { name: "Numbers (NPY)" }),
  };
};

export const hands = (site: () => Site): void => {
  test("with the keys alone: an example, a class, a slider, undo, the test, erasing, the network, a file", async () => {
    const { page, said } = await visit(site(), "?example=digit-3");
    await computed(page);
    const at = placesOf(page);
    await tabTo(page, at.example);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url(), POLL).toContain("digit-5");
    await computed(page);
    const [target, usual] = [await at.heading.textContent(), await at.hash.textContent()];
    await tabTo(page, at.second);
    await page.keyboard.press("Enter");
    await expect.poll(() => at.heading.textContent(), POLL).not.toBe(target);
    await computed(page);
    await tabTo(page, at.epsilon);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => at.hash.textContent(), POLL).not.toBe(usual);
    await computed(page);
    await tabTo(page, at.undo);
    await page.keyboard.press("Enter");
    await expect.poll(() => at.hash.textContent(), POLL).toBe(usual);
    await computed(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      tabTo(page, at.numbers).then(() => page.keyboard.press("Enter")),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.npy$/);
    await tabTo(page, at.opacity);
    await page.keyboard.press("Home");
    await expect.poll(() => new URL(page.url()).searchParams.get("opacity"), POLL).toBe("0");
    await tabTo(page, at.play);
    await page.keyboard.press(" ");
    await at.now.waitFor();
    await tabTo(page, at.scrub);
    await page.keyboard.press("End");
    await expect.poll(() => at.now.textContent(), POLL).toContain("196 of 196 parts are gone");
    await tabTo(page, at.eraseHead);
    await page.keyboard.press("Enter");
    await at.erased.waitFor();
    const before = await at.erased.textContent();
    await tabTo(page, at.size);
    await page.keyboard.press("End");
    await tabTo(page, at.eraser);
    await page.keyboard.press(" ");
    await expect.poll(() => at.erased.textContent(), POLL).not.toBe(before);
    await tabTo(page, at.insideHead);
    await page.keyboard.press("Enter");
    await at.losing.waitFor();
    await tabTo(page, at.losing);
    await page.keyboard.press("Enter");
    await at.block.waitFor();
    expect(said).toEqual([]);
    await page.close();
  });

  test("with the pointer alone: an example, a class, a slider, undo, the test, erasing, the network, a file", async () => {
    const { page, said } = await visit(site(), "?example=digit-3");
    await computed(page);
    const at = placesOf(page);
    await at.example.click();
    await expect.poll(() => page.url(), POLL).toContain("digit-5");
    await computed(page);
    const [target, usual] = [await at.heading.textContent(), await at.hash.textContent()];
    await at.second.click();
    await expect.poll(() => at.heading.textContent(), POLL).not.toBe(target);
    await computed(page);
    await drag(page, at.epsilon, [0.5, 0.5], [0.9, 0.5]);
    await expect.poll(() => at.hash.textContent(), POLL).not.toBe(usual);
    await computed(page);
    await at.undo.click();
    await expect.poll(() => at.hash.textContent(), POLL).toBe(usual);
    await computed(page);
    const [download] = await Promise.all([page.waitForEvent("download"), at.numbers.click()]);
    expect(download.suggestedFilename()).toMatch(/\.npy$/);
    await drag(page, at.opacity, [0.97, 0.5], [0.01, 0.5]);
    await expect.poll(() => new URL(page.url()).searchParams.get("opacity"), POLL).toBe("0");
    const picture = page.locator(".seen [role=img]");
    await picture.scrollIntoViewIfNeeded();
    await picture.hover();
    expect(await page.locator("figcaption .ends").textContent()).toMatch(/\d+, \d+: -?\d.*e.*% of all/);
    await at.play.click();
    await at.pause.click();
    await drag(page, at.scrub, [0.02, 0.5], [0.999, 0.5]);
    await expect.poll(() => at.now.textContent(), POLL).toContain("196 of 196 parts are gone");
    await at.eraseHead.click();
    await at.erased.waitFor();
    const before = await at.erased.textContent();
    await drag(page, at.size, [0.3, 0.5], [0.99, 0.5]);
    await drag(page, at.eraser, [0.3, 0.5], [0.7, 0.5]);
    await expect.poll(() => at.erased.textContent(), POLL).not.toBe(before);
    await at.whole.click();
    await expect.poll(() => at.erased.textContent(), POLL).toBe(before);
    await computed(page);
    await at.insideHead.click();
    await at.graph.waitFor();
    await at.losing.waitFor();
    await at.graph.scrollIntoViewIfNeeded();
    const { width } = (await at.graph.boundingBox())!;
    await expect
      .poll(async () => {
        await at.graph.click({ position: { x: width / 2, y: 30 } });
        return at.block.count();
      }, POLL)
      .toBe(1);
    expect(said).toEqual([]);
    await page.close();
  });
};
