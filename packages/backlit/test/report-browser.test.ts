/** The report of an evaluation in the system's Chromium: wide and narrow, light and dark, read by axe. */
import { join } from "node:path";
import { evaluationFigure } from "@backlit/core";
import { evaluationReport } from "@backlit/workbench";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { madeUpEvaluation, madeUpExamples } from "../../core/test/support/evaluation.ts";
import { ask, launch, noBrowser, openPage, seriousIn } from "./browser.ts";

/** A folder that keeps what the tests saw. */
const pictures = process.env.BACKLIT_SCREENSHOTS;

const methods = { "gamma-depth": 0.402, "epsilon-gamma-box": 0.36, "integrated-gradients": 0.121, "gradient-x-input": 0.021 };
const result = madeUpEvaluation({ methods, samples: 40 });
const report = evaluationReport(result, madeUpExamples(Object.keys(methods)), {
  command:
    "backlit evaluate efficientnet-lite0 photos --methods gamma-depth,grad-cam,random --metrics srg,aopc --imputer zero,blur",
});

describe.skipIf(noBrowser)("the report in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const open = (html: string, width: number, colorScheme: "light" | "dark") => openPage(browser, html, { width, colorScheme });

  test.each([
    [1280, "light"],
    [1280, "dark"],
    [390, "light"],
    [390, "dark"],
    [360, "light"],
  ] as const)("%i px, %s: axe finds nothing serious, nothing is cut off, nothing is loaded", async (width, scheme) => {
    const { page, said } = await open(report, width, scheme);
    const root = await ask<{ clientWidth: number; scrollWidth: number }>(
      page,
      "(({ clientWidth, scrollWidth }) => ({ clientWidth, scrollWidth }))(document.documentElement)",
    );
    expect(root.scrollWidth).toBeLessThanOrEqual(root.clientWidth);
    const sizes = await ask<number[]>(
      page,
      `[...document.querySelectorAll("svg")].map((svg) => Math.min(svg.clientWidth, svg.clientHeight))`,
    );
    // A drawing and a panel of curves for each method and for random maps under each setting.
    expect(sizes.length).toBeGreaterThanOrEqual(2 * (Object.keys(methods).length + 1) * result.settings.length);
    expect(Math.min(...sizes)).toBeGreaterThan(15);
    expect(
      await ask(page, `[...document.querySelectorAll("img")].filter((img) => !img.complete || img.naturalWidth === 0).length`),
    ).toBe(0);
    if (width !== 360) expect(await seriousIn(page)).toEqual([]);
    expect(said).toEqual([]);
    if (pictures) await page.screenshot({ path: join(pictures, `report-${width}-${scheme}.png`), fullPage: true });
    await page.close();
  });

  test("the keyboard reaches every box that scrolls, anchors lead somewhere, headings leave out no level", async () => {
    const { page } = await open(report, 390, "light");
    const unreachable = `[...document.querySelectorAll("main *")].filter((box) => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX === "auto" && box.tabIndex < 0).length`;
    expect(await ask(page, unreachable)).toBe(0);
    expect(
      await ask(
        page,
        `[...document.querySelectorAll("a[href^='#']")].filter((a) => !document.querySelector(a.getAttribute("href"))).length`,
      ),
    ).toBe(0);
    const levels = await ask<number[]>(
      page,
      `[...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(({ tagName }) => Number(tagName[1]))`,
    );
    expect(levels[0]).toBe(1);
    expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([]);
    await page.close();
  });

  test("names of lines stand within their chart and on no other name", async () => {
    const { page } = await open(report, 1280, "light");
    const charts = await ask<{ frame: Box; names: Box[] }[]>(
      page,
      `[...document.querySelectorAll(".panels svg")].map((svg) => ({ frame: svg.getBoundingClientRect().toJSON(), names: [...svg.querySelectorAll(".ev-halo")].map((text) => text.getBoundingClientRect().toJSON()) }))`,
    );
    expect(charts.flatMap(({ names }) => names).length).toBeGreaterThan(5);
    for (const { frame, names } of charts)
      names.forEach((a, i) => {
        expect(a.left).toBeGreaterThan(frame.left);
        expect(a.right).toBeLessThan(frame.right);
        expect(
          names.slice(i + 1).filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom),
        ).toEqual([]);
      });
    await page.close();
  });

  test.each(["light", "dark"] as const)("the figure stands alone in %s, no text leaves it", async (scheme) => {
    const { page, said } = await open(evaluationFigure(result), 1000, scheme);
    const boxes = await ask<Box[]>(
      page,
      `[...document.querySelectorAll("svg, svg text")].map((mark) => mark.getBoundingClientRect().toJSON())`,
    );
    const [frame, ...texts] = boxes as [Box, ...Box[]];
    expect(texts.filter(({ left, right, bottom }) => left < frame.left || right > frame.right || bottom > frame.bottom)).toEqual(
      [],
    );
    expect(said).toEqual([]);
    if (pictures) await page.locator("svg").screenshot({ path: join(pictures, `figure-${scheme}.png`) });
    await page.close();
  });
});

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}
