/** The studio as a visitor has it: built, served, opened in the system's Chromium. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readNpy } from "@backlit/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load } from "../../backlit/src/load.ts";
import { ask, computed, executablePath, openSite, type Site, visit } from "./browser.ts";
import { asks } from "./flows/asks.ts";
import { away, taken } from "./flows/away.ts";
import { believe } from "./flows/believe.ts";
import { graphics } from "./flows/graphics.ts";
import { groups } from "./flows/groups.ts";
import { hands } from "./flows/hands.ts";
import { inside } from "./flows/inside.ts";
import { judged } from "./flows/judged.ts";
import { own } from "./flows/own.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** A folder that keeps what the tests saw. */
const pictures = process.env.BACKLIT_SCREENSHOTS;

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly at: string;
}

/** The page answers when its worker has: on a busy machine that takes its time. */
const POLL = { timeout: 100_000 };

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe.skipIf(executablePath === undefined && !process.env.CI)("the studio", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  test("a digit: the stored result at once, then the same computed in the page, as Node has it", async () => {
    const { page, said } = await visit(site, "?example=digit-3");
    await page.waitForSelector(".picture canvas");
    await computed(page);
    expect(await page.locator(".status p").getAttribute("data-made")).toBe("agrees");
    const { data, dims } = readNpy(await taken(page, "Numbers (NPY)"));
    await using lit = await load(`${root}/models/digits`);
    const why = await lit.explain(`${root}/data/digit-pictures/3.png`);
    expect(dims).toEqual(why.relevance.dims);
    const limit = largest(why.relevance.data);
    expect(largest(Float64Array.from(why.relevance.data, (value, i) => value - Number(data[i])))).toBeLessThan(1e-4 * limit);
    expect(JSON.parse(new TextDecoder().decode(await taken(page, "Recipe (JSON)")))).toEqual(
      JSON.parse(JSON.stringify(why.recipe)),
    );
    if (pictures) await page.screenshot({ path: join(pictures, "studio-digit.png"), fullPage: true });
    expect(said).toEqual([]);
    await page.close();
  });

  test("another class, another method, by keyboard; the target and the map change", async () => {
    const { page, said } = await visit(site, "?example=digit-8");
    await computed(page);
    const heading = page.locator("#map");
    const before = await heading.textContent();
    const second = page.locator(".classes button").nth(1);
    await second.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => heading.textContent(), POLL).not.toBe(before);
    await computed(page);
    expect(await second.getAttribute("aria-pressed")).toBe("true");
    const hash = page.locator(".hash");
    const usual = await hash.textContent();
    await page.getByRole("combobox", { name: "Method" }).selectOption("integrated-gradients");
    await expect.poll(() => hash.textContent(), POLL).not.toBe(usual);
    await computed(page);
    expect(said).toEqual([]);
    await page.close();
  });

  test("a file that is no model, and a picture that is none, are told in words", async () => {
    const { page } = await visit(site, "?example=digit-5");
    await computed(page);
    const files = page.locator('input[type="file"]').first();
    await files.setInputFiles([{ name: "notes.png", mimeType: "image/png", buffer: Buffer.from("no picture") }]);
    expect(await page.getByRole("alert").textContent()).toMatch(/not a picture.*looks like text/);
    await files.setInputFiles([
      { name: "model.onnx", mimeType: "", buffer: Buffer.from("no model") },
      { name: "3.png", mimeType: "image/png", buffer: readFileSync(`${root}/data/digit-pictures/3.png`) },
    ]);
    await expect.poll(() => page.getByRole("alert").textContent(), POLL).toContain("model.onnx");
    await page.close();
  });

  test("own files: a model with what lies beside it, and a picture", async () => {
    const { page, said } = await visit(site, "?example=sentence");
    await computed(page);
    const names = ["model.onnx", "config.json", "preprocessor_config.json"].map((name) => `${root}/models/digits/${name}`);
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles([...names, `${root}/data/digit-pictures/5.png`]);
    await page.waitForSelector(".picture canvas");
    await computed(page);
    expect(await page.locator(".classes button[aria-pressed=true] .name").textContent()).toBe("5");
    expect(said).toEqual([]);
    await page.close();
  });

  test.each([
    [1440, "light", "cat"],
    [768, "dark", "digit-5"],
    [390, "light", "sentence"],
    [390, "dark", "digit-8"],
    [390, "dark", "boxes"],
    [390, "light", "wines"],
    [768, "light", "regions"],
    [390, "dark", "next-word"],
    [1440, "dark", "names"],
  ] as const)(
    "%i px, %s, %s: axe finds nothing serious, nothing is cut off, nothing comes from elsewhere",
    async (width, scheme, id) => {
      const { page, said } = await visit(site, `?example=${id}`, { width, scheme });
      await computed(page);
      expect(await page.locator(".status p").getAttribute("data-made")).toBe("agrees");
      expect(said).toEqual([]);
      await ask(page, `for (const one of document.querySelectorAll("details")) one.open = true`);
      if (id !== "sentence") await page.getByRole("button", { name: "Play", exact: true }).click();
      if (id !== "sentence") await page.locator(".verdict").waitFor();
      // Trees keep no accounts.
      if (id !== "wines") await page.locator("canvas.graph").waitFor();
      const wider = await ask<number>(page, "document.documentElement.scrollWidth - document.documentElement.clientWidth");
      expect(wider).toBeLessThanOrEqual(0);
      await ask(page, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
      if (pictures) await page.screenshot({ path: join(pictures, `studio-${id}-${width}-${scheme}.png`), fullPage: true });
      // The page's policy refuses scripts of others: axe runs as the browser's own tools do.
      await page.evaluate(axe);
      const found = await ask<Violation[]>(
        page,
        `axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes[0].html })))`,
      );
      expect(found.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
      await page.close();
    },
  );

  asks(() => site);
  believe(() => site);
  own(() => site);
  away(() => site);
  inside(() => site);
  hands(() => site);
  groups(() => site);
  graphics(() => site);
  judged(() => site);

  test("the page, its worker and the runtime stay small", () => {
    const sizes = readdirSync(join(site.folder, "assets")).map(
      (name) => [name, statSync(join(site.folder, "assets", name)).size] as const,
    );
    const of = (pattern: RegExp) => sizes.filter(([name]) => pattern.test(name)).reduce((sum, [, size]) => sum + size, 0);
    const kilo = (size: number) => `${Math.round(size / 1000)} kB`;
    const [page, worker] = [of(/^index-.*\.(js|css)$/), of(/^work-.*\.js$/)];
    // Pieces that are fetched when they are asked for are among them.
    const all = of(/^(?!ort).*\.(js|css)$/);
    console.log(
      `page ${kilo(page)}, worker ${kilo(worker)}, all scripts ${kilo(all)}, runtime ${kilo(of(/^ort-wasm-simd-threaded-.*\.wasm$/))}`,
    );
    expect(page).toBeLessThan(140_000);
    expect(worker).toBeLessThan(430_000);
    expect(all).toBeLessThan(1_550_000);
    expect(of(/^ort-wasm-simd-threaded-.*\.wasm$/)).toBeLessThan(15_000_000);
    expect(of(/asyncify.*\.wasm$/)).toBeLessThan(28_000_000);
  });
});
