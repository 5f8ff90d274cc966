/** A visit without a network. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveSite } from "../../backlit/src/host/site/serve.ts";
import { ask, computed, executablePath, openSite, type Site, visit } from "./browser.ts";

describe.skipIf(executablePath === undefined && !process.env.CI)("the studio without a network", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  test("the second visit needs none", async () => {
    const server = await serveSite({ folder: site.folder });
    const { page } = await visit({ browser: site.browser, address: server.address }, "?example=digit-3", { offline: true });
    await computed(page);
    const controlled = () => ask<boolean>(page, "navigator.serviceWorker.controller !== null");
    await expect.poll(controlled, { timeout: 40_000 }).toBe(true);
    await server[Symbol.asyncDispose]();
    await page.goto(`${server.address}?example=digit-8`);
    await computed(page);
    expect(await page.locator(".status p").getAttribute("data-made")).toBe("agrees");
    await page.close();
  });
});
