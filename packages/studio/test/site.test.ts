/** The documentation as a site: its pages hold pieces of the studio that run. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveSite } from "../../backlit/src/host/site/serve.ts";
import { executablePath, type Site, visit } from "./browser.ts";

const folder = fileURLToPath(new URL("../../../site", import.meta.url));
const installed = existsSync(join(folder, "node_modules/vitepress"));
const pictures = process.env.BACKLIT_SCREENSHOTS;
const POLL = { timeout: 100_000 };

describe.skipIf(!(installed && executablePath) && !process.env.CI)("the site", () => {
  let site: Site;
  beforeAll(async () => {
    const { NODE_ENV: _, ...env } = process.env;
    execFileSync(process.execPath, [join(folder, "build.js")], { stdio: "pipe", env });
    const server = await serveSite({ folder: join(folder, "dist") });
    const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ["--no-sandbox", "--disable-gpu"] });
    const close = async () => {
      await browser.close();
      await server[Symbol.asyncDispose]();
    };
    site = { address: server.address, folder: join(folder, "dist"), browser, [Symbol.asyncDispose]: close };
  }, 300_000);
  afterAll(() => site?.[Symbol.asyncDispose]());

  test("a page for each document, method, rule and played metric", () => {
    const built = (path: string) => readdirSync(join(site.folder, path)).filter((name) => name.endsWith(".html"));
    const documents = readdirSync(fileURLToPath(new URL("../../../docs", import.meta.url))).filter((name) =>
      name.endsWith(".md"),
    );
    for (const name of documents) expect(built(".")).toContain(name.replace(".md", ".html"));
    for (const name of ["gamma", "epsilon", "zplus", "integrated-gradients", "tree-shap"])
      expect(built("methods")).toContain(`${name}.html`);
    expect(built("metrics")).toContain("srg.html");
  });

  test("on a rule's page γ is moved, and the map follows", async () => {
    const { page, said } = await visit(site, "methods/gamma.html");
    const piece = page.frameLocator("iframe.live");
    await page.locator("iframe.live").scrollIntoViewIfNeeded();
    await piece.locator('[role="status"][data-busy="false"][data-made="live"]').waitFor();
    const map = () => page.frames()[1]!.evaluate(`document.querySelector(".seen canvas").toDataURL()`);
    const before = await map();
    const gamma = piece.getByRole("slider", { name: "γ" });
    await gamma.press("End");
    await expect.poll(map, POLL).not.toBe(before);
    expect(await piece.getByRole("link", { name: "Open this in the studio" }).getAttribute("href")).toContain("gamma=1");
    const height = async () => (await page.locator("iframe.live").boundingBox())!.height;
    await expect.poll(height, POLL).not.toBe(520);
    if (pictures) await page.screenshot({ path: join(pictures, "site-gamma.png"), fullPage: true });
    expect(said).toEqual([]);
    await page.close();
  });

  test("on a metric's page it is played", async () => {
    const { page, said } = await visit(site, "metrics/srg.html");
    const piece = page.frameLocator("iframe.live");
    await page.locator("iframe.live").scrollIntoViewIfNeeded();
    await piece.getByRole("button", { name: "Play", exact: true }).click();
    expect(await piece.locator(".verdict").textContent()).toMatch(/^The map holds:/);
    if (pictures) await page.screenshot({ path: join(pictures, "site-srg.png"), fullPage: true });
    expect(said).toEqual([]);
    await page.close();
  });
});
