/** The graphics processor, here one in software: what it computes is compared with WebAssembly, and the page says how far they are apart. */
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { ask, computed, executablePath, type Site, visit } from "../browser.ts";

const SOFTWARE = [
  ...["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--ignore-gpu-blocklist"],
  ...["--enable-features=Vulkan", "--use-vulkan=swiftshader"],
];
/** A browser without one. */
const NONE = ["--no-sandbox", "--disable-gpu"];

const choose = async ({ address }: Site, query: string, args: readonly string[]) => {
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: [...args] });
  const { page } = await visit({ browser, address }, query);
  await computed(page);
  await ask(page, `document.querySelector(".settings").open = true`);
  const engine = page.getByRole("combobox", { name: "Computed by" });
  const offered = (await engine.locator("option").allTextContents()).some((text) => text.includes("WebGPU"));
  if (offered) await engine.selectOption("webgpu:1");
  return { browser, page, offered };
};

export const graphics = (site: () => Site): void => {
  test("WebGPU computes the map that WebAssembly computes, and the page says so", async () => {
    const { browser, page, offered } = await choose(site(), "?example=digit-3", SOFTWARE);
    try {
      expect(offered).toBe(true);
      const compared = page.locator("[data-compared]");
      expect(await compared.textContent()).toMatch(/^WebAssembly computes the same map/);
      expect(Number(await compared.getAttribute("data-compared"))).toBeLessThan(1e-4);
    } finally {
      await browser.close();
    }
  });

  test("what the graphics processor's engine cannot load is said, with the way on", async () => {
    const { browser, page } = await choose(site(), "?example=wines", SOFTWARE);
    try {
      expect(await page.getByRole("alert").textContent()).toMatch(/TreeEnsembleClassifier.*choose WebAssembly/s);
    } finally {
      await browser.close();
    }
  });

  test("where there is no graphics processor it is not offered, or the page says so and what to do", async () => {
    const { browser, page, offered } = await choose(site(), "?example=digit-5", NONE);
    try {
      if (offered) expect(await page.getByRole("alert").textContent()).toMatch(/no WebGPU.*choose WebAssembly/s);
    } finally {
      await browser.close();
    }
  });
};
