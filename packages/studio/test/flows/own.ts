/** What a visitor brings: drawn, dropped, packed, named by the address. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { strToU8, zipSync } from "fflate";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { computed, type Site, unfolded, visit } from "../browser.ts";
import { drop } from "./drop.ts";

/** The page answers when its worker has. */
const POLL = { timeout: 100_000 };

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const digits = (name: string) => new Uint8Array(readFileSync(`${root}/models/digits/${name}`));
const digit = (n: number) => new Uint8Array(readFileSync(`${root}/data/digit-pictures/${n}.png`));
const explainedClass = (page: Page) => page.locator(".classes button[aria-pressed=true] .name").textContent();

export const own = (site: () => Site): void => {
  test("a digit drawn with the pointer, then one by keyboard, explained while they are drawn", async () => {
    const { page, said } = await visit(site(), "?example=digit-3");
    await computed(page);
    await unfolded(page, "pad");
    const pad = page.locator(".pad canvas");
    await pad.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await pad.boundingBox())!;
    await page.mouse.move(x + width / 2, y + 0.15 * height);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + 0.85 * height, { steps: 6 });
    await page.mouse.up();
    await expect.poll(() => explainedClass(page), POLL).toBe("1");
    await computed(page);
    expect(page.url()).toMatch(/\?model=digits$/);
    await page.getByRole("button", { name: "Clear", exact: true }).click();
    await pad.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowUp");
    await page.keyboard.press(" ");
    await page.keyboard.press("ArrowDown");
    await computed(page);
    expect(await page.locator(".command").textContent()).toBe("npx backlit explain digits drawing.png");
    expect(said).toEqual([]);
    await page.close();
  });

  test("a zip of a model is dropped, then several pictures; one of them is chosen, undo goes back", async () => {
    const { page, said } = await visit(site(), "?example=digit-3");
    await computed(page);
    const names = ["model.onnx", "config.json", "preprocessor_config.json"];
    const archive = zipSync({
      ...Object.fromEntries(names.map((name) => [`digits/${name}`, digits(name)])),
      "digits/5.png": digit(5),
      "__MACOSX/._5.png": strToU8("nothing"),
    });
    await drop(page, { "digits.zip": archive });
    await expect.poll(() => explainedClass(page), POLL).toBe("5");
    await drop(page, { "8.png": digit(8), "3.png": digit(3) });
    await expect.poll(() => explainedClass(page), POLL).toBe("8");
    await page.getByRole("button", { name: "3.png" }).click();
    await expect.poll(() => explainedClass(page), POLL).toBe("3");
    await computed(page);
    await page.keyboard.press("2");
    await expect.poll(() => explainedClass(page), POLL).not.toBe("3");
    await computed(page);
    await page.keyboard.press("u");
    await expect.poll(() => explainedClass(page), POLL).toBe("3");
    expect(said).toEqual([]);
    await page.close();
  });

  test("several pictures are dropped: through a channel the one that rests on it most first, each with its own map", async () => {
    const { page, said } = await visit(site(), "?example=digit-3");
    await computed(page);
    await drop(page, { "8.png": digit(8), "3.png": digit(3), "5.png": digit(5) });
    await expect.poll(() => explainedClass(page), POLL).toBe("8");
    await computed(page);
    const region = page.getByRole("region", { name: "Where did relevance go?" });
    await region.getByRole("heading").click();
    await region.locator(".losing tbody tr").first().getByRole("button").press("Enter");
    await region.getByRole("button", { name: "Relevance here" }).click();
    await region.locator(".features tbody tr").nth(1).getByRole("button").click();
    const through = region.locator(".channel");
    await through.getByRole("heading", { name: /the input that rests on it most first/ }).waitFor();
    const told = await through.locator("li .hint").allTextContents();
    const shares = told.map((text) => Number(/: (−?[\d.e+-]+) %/.exec(text)![1]!.replace("−", "-")));
    expect(told.map((text) => text.slice(0, 5)).sort()).toEqual(["3.png", "5.png", "8.png"]);
    expect([...shares].sort((a, b) => b - a)).toEqual(shares);
    expect(await through.locator("canvas").count()).toBe(3);
    if (process.env.SCREENSHOT) await region.screenshot({ path: process.env.SCREENSHOT });
    expect(said).toEqual([]);
    await page.close();
  });

  test("a table of many rows: charts over all of them, and the steps of a chosen one", async () => {
    const { page, said } = await visit(site(), "?example=digit-3");
    await computed(page);
    const trees = new Uint8Array(readFileSync(`${root}/packages/backlit/test/data/trees/boosting-two.onnx`));
    const rows = Array.from({ length: 30 }, (_, n) => Array.from({ length: 5 }, (_, k) => ((7 * n + 3 * k) % 11) / 5).join(","));
    await drop(page, { "trees.onnx": trees, "rows.csv": strToU8(`age,income,hours,debt,years\n${rows.join("\n")}\n`) });
    await expect.poll(() => page.locator("table.features tr").count(), POLL).toBe(5);
    await computed(page);
    await page.getByRole("heading", { name: "All rows" }).click();
    const names = ["mean", "beeswarm", "rows", "paths", "waterfall", "path"];
    for (const name of names) await expect.poll(() => page.locator(`img[data-chart=${name}]`).count(), POLL).toBe(1);
    const path = page.locator("img[data-chart=path]");
    const [before, label] = [await path.getAttribute("src"), await path.getAttribute("alt")];
    await page.getByRole("combobox", { name: "Step by step:" }).selectOption({ index: 7 });
    await expect.poll(() => path.getAttribute("src"), POLL).not.toBe(before);
    expect(await path.getAttribute("alt")).not.toBe(label);
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true });
    expect(said).toEqual([]);
    await page.close();
  });

  test("names of the classes are dropped onto the open model; another count is an error, and the command names the file", async () => {
    const { page } = await visit(site(), "?example=digit-3");
    await computed(page);
    const names = Array.from({ length: 10 }, (_, i) => `${i} digit no. ${i}`);
    await drop(page, { "digit_names.txt": strToU8(`\uFEFF${names.join("\r\n")}\r\n\r\n`) });
    await expect.poll(() => explainedClass(page), POLL).toBe("digit no. 3 (3)");
    await computed(page);
    expect(await page.locator(".command").textContent()).toMatch(/ --labels digit_names.txt$/);
    await drop(page, { "names.txt": strToU8("one\ntwo\n") });
    await expect.poll(() => page.getByRole("alert").textContent(), POLL).toMatch(/2 class names.*the model has 10 classes/);
    await drop(page, {
      "model.onnx": digits("model.onnx"),
      "classes.json": strToU8(JSON.stringify([..."abcdefghij"])),
      "5.png": digit(5),
    });
    await expect.poll(() => explainedClass(page), POLL).toBe("f (5)");
    await page.close();
  });

  test("an address with a model, an input, rules and a view opens just that, and is the page's own again", async () => {
    const query =
      "?model=examples%2Fmodels%2Fdigits%2Fmodel.onnx&input=examples%2Fdigit-pictures%2F8.png&way=epsilon-plus&target=3&epsilon=0.01&mode=relevance";
    const { page } = await visit(site(), query);
    await computed(page);
    expect(await explainedClass(page)).toBe("3");
    expect(await page.getByRole("combobox", { name: "Method" }).inputValue()).toBe("epsilon-plus");
    expect(await page.getByRole("combobox", { name: "View" }).inputValue()).toBe("relevance");
    await expect.poll(() => new URL(page.url()).search, POLL).toBe(query);
    await page.getByRole("button", { name: "Rules as they were" }).click();
    await expect.poll(() => new URL(page.url()).search, POLL).not.toContain("epsilon=");
    await page.goto(`${site().address}?model=https://elsewhere.example/model.onnx`);
    expect(await page.getByRole("alert").textContent()).toMatch(/another site's.*drop it here/);
    await page.close();
  });
};
