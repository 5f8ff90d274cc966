/** The built page, served as `backlit studio` serves it, in the system's Chromium. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { serveSite } from "../../backlit/src/host/site/serve.ts";

export const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

const configFile = fileURLToPath(new URL("../vite.config.ts", import.meta.url));

export interface Site extends AsyncDisposable {
  readonly address: string;
  /** The folder it was built into. */
  readonly folder: string;
  readonly browser: Browser;
}

/** Builds the page into a folder of its own and serves it. */
export const openSite = async (): Promise<Site> => {
  const folder = await mkdtemp(join(tmpdir(), "studio-"));
  const outDir = join(folder, "dist");
  // As it is published: vitest's own environment would make another page of it.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = "production";
  await build({ configFile, mode: "production", logLevel: "error", build: { outDir, emptyOutDir: true } });
  process.env.NODE_ENV = NODE_ENV;
  const server = await serveSite({ folder: outDir });
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ["--no-sandbox", "--disable-gpu"] });
  return {
    address: server.address,
    folder: outDir,
    browser,
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
};

export interface Visit {
  readonly page: Page;
  /** What the console said, and requests to other sites. */
  readonly said: readonly string[];
}

/** Every visit is made in one of these; `BACKLIT_SIGHT=1`, 2, … gives each the next ones. */
const SIGHTS = [
  { width: 1440, scheme: "light" },
  { width: 390, scheme: "dark" },
  { width: 768, scheme: "light" },
  { width: 1440, scheme: "dark" },
  { width: 390, scheme: "light" },
  { width: 768, scheme: "dark" },
] as const;
let visits = Number(process.env.BACKLIT_SIGHT ?? 0);

/** Pages of tests keep nothing for visits without a network, and are told so. */
const BLOCKED = /Service Worker registration blocked by Playwright/;

export const visit = async (
  { browser, address }: Pick<Site, "browser" | "address">,
  query: string,
  options: { readonly width?: number; readonly scheme?: "light" | "dark"; readonly offline?: boolean } = {},
): Promise<Visit> => {
  const { width, scheme, offline = false } = { ...SIGHTS[visits++ % SIGHTS.length]!, ...options };
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    serviceWorkers: offline ? "allow" : "block",
  });
  page.setDefaultTimeout(100_000);
  const said: string[] = [];
  page.on("console", (message) => {
    if (!BLOCKED.test(message.text())) said.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => said.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(blob|data):/.test(url)) said.push(`asks for ${url}`);
  });
  await page.addInitScript(`globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
    }).observe({ type: "longtask", buffered: true });
    const put = CanvasRenderingContext2D.prototype.putImageData;
    CanvasRenderingContext2D.prototype.putImageData = function (...given) {
      globalThis.firstMap ??= performance.now();
      return put.apply(this, given);
    };`);
  await page.goto(`${address}${query}`);
  return { page, said };
};

/** `script`: JavaScript that runs in the page; tests are typed without a DOM. */
export const ask = <T>(page: Page, script: string): Promise<T> => page.evaluate(script) as Promise<T>;

/** What the part with this heading folds away is there, as on a wide page. */
export const unfolded = (page: Page, heading: string): Promise<unknown> =>
  ask(page, `document.querySelector("#${heading}").closest("details").open = true`);

/** Until the numbers on the page were made in it. */
export const computed = (page: Page): Promise<unknown> =>
  page.waitForSelector('[role="status"][data-busy="false"]:not([data-made="stored"])');
