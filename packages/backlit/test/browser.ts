/** Pages in the system's Chromium. CI installs it; elsewhere tests of pages are skipped without it. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's, then others' places. */
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const noBrowser = executablePath === undefined && !process.env.CI;

export const launch = (): Promise<Browser> =>
  chromium.launch({ ...(executablePath && { executablePath }), args: ["--no-sandbox", "--disable-gpu"] });

export interface Screen {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
}

/** `said`: what it logs, and asks for from elsewhere. */
export const openPage = async (
  browser: Browser,
  html: string,
  { width, colorScheme }: Screen,
): Promise<{ page: Page; said: string[] }> => {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("request", ({ url }) => (/^(data|about):/.test(url()) ? undefined : said.push(`asks for ${url()}`)));
  await page.setContent(html, { waitUntil: "load" });
  return { page, said };
};

/** `script`: JavaScript that runs in the page; core is typed without a DOM, and so are its tests. */
export const ask = <T>(page: Page, script: string): Promise<T> => page.evaluate(script) as Promise<T>;

export interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly at: string;
}

/** What axe calls serious or critical. */
export const seriousIn = async (page: Page): Promise<readonly Violation[]> => {
  await page.addScriptTag({ content: axe });
  const found = await ask<Violation[]>(
    page,
    `axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes[0].html })))`,
  );
  return found.filter(({ impact }) => impact === "serious" || impact === "critical");
};
