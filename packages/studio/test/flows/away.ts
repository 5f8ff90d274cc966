/** What is taken away makes the same map again, elsewhere. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readNpy } from "@backlit/core";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { load } from "../../../backlit/src/load.ts";
import { ask, computed, type Site, visit } from "../browser.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const POLL = { timeout: 100_000 };

/** The file a button of the page makes. */
export const taken = async (page: Page, name: string): Promise<Uint8Array> => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
  return new Uint8Array(readFileSync(await download.path()));
};

const numbersOf = (npy: Uint8Array): Float64Array => Float64Array.from(readNpy(npy).data as ArrayLike<number>, Number);

const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [most, limit] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    most = Math.max(most, Math.abs(a[i]! - b[i]!));
    limit = Math.max(limit, Math.abs(a[i]!));
  }
  return a.length === b.length ? most / limit : Number.POSITIVE_INFINITY;
};

export const away = (site: () => Site): void => {
  test("the command and the code, copied after rules were changed by a slider, replay the view; the report stands alone", async () => {
    const { page, said } = await visit(site(), "?example=digit-8");
    await computed(page);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const hash = page.locator(".hash code");
    const usual = await hash.textContent();
    await page.keyboard.press("2");
    await page.getByRole("slider", { name: "ε" }).press("ArrowRight");
    await expect.poll(() => hash.textContent(), POLL).not.toBe(usual);
    await computed(page);
    const relevance = numbersOf(await taken(page, "Numbers (NPY)"));
    const copied = async (name: string) => {
      await page.getByRole("button", { name }).click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      return ask<string>(page, "navigator.clipboard.readText()");
    };
    await page.getByRole("combobox", { name: "View" }).selectOption("masked");
    const [command, code] = [await copied("Copy as command"), await copied("Copy as code")];
    const folder = mkdtempSync(join(tmpdir(), "away-"));
    try {
      const name = /--recipe (\S+)/.exec(command)![1]!;
      writeFileSync(join(folder, name), await taken(page, "Recipe (JSON)"));
      const drawn = /--heatmap (\S+)/.exec(command)![1]!;
      const words = command
        .replace("npx backlit ", "")
        .replace(name, join(folder, name))
        .replace(drawn, join(folder, drawn))
        .split(" ");
      const bin = join(root, "packages/backlit/bin/backlit.js");
      execFileSync(process.execPath, [bin, ...words, "--relevance", join(folder, "r.npy")], { cwd: root, stdio: "pipe" });
      const replayed = numbersOf(new Uint8Array(readFileSync(join(folder, "r.npy"))));
      expect(difference(relevance, replayed.subarray(0, relevance.length))).toBeLessThan(1e-4);
      expect(words.slice(words.indexOf("--style"), words.indexOf("--style") + 2)).toEqual(["--style", "masked"]);
      expect(readFileSync(join(folder, drawn)).subarray(1, 4).toString()).toBe("PNG");
      const program = code
        .replaceAll(`"${name}"`, JSON.stringify(join(folder, name)))
        .replace('"why.json"', JSON.stringify(join(folder, "why.json")));
      const file = join(root, "packages/backlit", `replay-${process.pid}.tmp.mjs`);
      writeFileSync(file, program);
      try {
        const told = execFileSync(process.execPath, [file], { cwd: root, stdio: "pipe" }).toString();
        expect(told).toContain((await hash.textContent())!);
      } finally {
        rmSync(file);
      }
      expect(difference(relevance, JSON.parse(readFileSync(join(folder, "why.json"), "utf8")))).toBeLessThan(1e-4);
      const report = join(folder, "report.html");
      writeFileSync(report, await taken(page, "Report (HTML)"));
      const alone = await page.context().browser()!.newPage();
      const asked: string[] = [];
      alone.on("request", (request) => asked.push(request.url().slice(0, 5)));
      alone.on("pageerror", (error) => asked.push(error.message));
      await alone.goto(`file://${report}`);
      await alone.locator("#map").hover();
      expect(await alone.locator("#value").textContent()).toMatch(/^\d+, \d+: .* %\)$/);
      await alone.locator("#opacity").press("Home");
      expect(asked.filter((one) => one !== "file:" && one !== "data:")).toEqual([]);
      await alone.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(said).toEqual([]);
    await page.close();
  });

  test("the picture and the explaining model are files that others open", async () => {
    const { page } = await visit(site(), "?example=digit-3");
    await computed(page);
    const png = await taken(page, "Picture (PNG)");
    expect(Buffer.from(png.subarray(1, 4)).toString()).toBe("PNG");
    const relevance = numbersOf(await taken(page, "Numbers (NPY)"));
    const model = await taken(page, "Explaining model (ONNX)");
    const [{ nodeRuntime }, lit] = await Promise.all([
      import("../../../backlit/src/host/runtime/node.ts"),
      load(`${root}/models/digits`),
    ]);
    await using _lit = lit;
    const { result } = await lit.results([`${root}/data/digit-pictures/3.png`]);
    await using session = await (await nodeRuntime(() => {})).createSession(model);
    const made = await session.run(result.rows[0]!.sample.feeds);
    expect(difference(relevance, made.relevance!.data as Float32Array)).toBeLessThan(1e-4);
    await page.close();
  });

  test("two threads in an isolated page; the map is the same", async () => {
    const { page, said } = await visit(site(), "?example=digit-3");
    await computed(page);
    const one = numbersOf(await taken(page, "Numbers (NPY)"));
    await page.getByText("Settings", { exact: true }).click();
    await page.getByRole("combobox", { name: "Computed by" }).selectOption("wasm:2");
    await computed(page);
    const two = numbersOf(await taken(page, "Numbers (NPY)"));
    expect(difference(one, two)).toBeLessThan(1e-4);
    await page.getByRole("button", { name: "Forget kept models" }).click();
    await expect.poll(() => ask(page, `caches.has("backlit-models-1")`), POLL).toBe(false);
    expect(said).toEqual([]);
    await page.close();
  });
};
