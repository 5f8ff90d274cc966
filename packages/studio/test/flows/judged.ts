/** A script that knows only what the page shows, from a picture of two things to a recipe that the command replays. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ask, computed, type Site, visit } from "../browser.ts";
import { taken } from "./away.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const POLL = { timeout: 100_000 };

export const judged = (site: () => Site): void => {
  test("a cat over a cup of coffee: both classes, the proof, the layer that loses relevance, the recipe, the same hash", async () => {
    const started = Date.now();
    const steps: string[] = [];
    const did = (what: string) => {
      steps.push(`${String(steps.length + 1).padStart(2)}. ${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s  ${what}`);
    };
    const { page, said } = await visit(site(), "");
    const button = (name: string | RegExp) => page.getByRole("button", { name });
    await page.locator(".picture canvas").waitFor();
    const [loaded, drawn] = await ask<[number, number]>(
      page,
      'new Promise((found) => { const look = () => { const { loadEventEnd } = performance.getEntriesByType("navigation")[0]; if (loadEventEnd && globalThis.firstMap) found([loadEventEnd, firstMap]); else requestAnimationFrame(look); }; look(); })',
    );
    did(
      `saw the first map, a stored one, ${Math.round(drawn)} ms from the start, the page loaded after ${Math.round(loaded)} ms`,
    );
    const picture = page.locator(".picture [role=img]");
    await button("Cat over coffee").click();
    await computed(page);
    did(`opened the example: ${await picture.getAttribute("aria-label")}`);
    const seen: Record<string, string> = {};
    for (const [thing, place] of [
      ["espresso", "at the bottom"],
      ["tiger cat", "at the top"],
    ] as const) {
      await button(new RegExp(`^${thing} `)).click();
      await expect.poll(() => page.locator("#map").textContent(), POLL).toContain(thing);
      await computed(page);
      seen[thing] = (await picture.getAttribute("aria-label"))!;
      expect(seen[thing]).toContain(place);
      did(`chose a class: ${seen[thing]}`);
    }
    const believe = page.getByRole("region", { name: "Does the map hold?" });
    await believe.getByRole("button", { name: "Play" }).click();
    const verdict = believe.locator(".verdict");
    await verdict.waitFor();
    expect(await verdict.textContent()).toMatch(/^The map holds/);
    did(`played the animation: ${await verdict.textContent()}`);
    const inside = page.getByRole("region", { name: "Where did relevance go?" });
    await inside.getByRole("heading").click();
    const worst = inside.locator(".losing tbody tr").first();
    await worst.getByRole("button").click();
    const account = inside.locator(".block");
    const name = await account.getAttribute("data-block");
    expect(await account.textContent()).toMatch(/came, .* went on/);
    did(`found the layer where most is lost: ${await worst.textContent()}`);
    await account.getByRole("button", { name: "Relevance here" }).click();
    await account.locator("canvas, .features").first().waitFor();
    did(`looked at the relevance of ${name}`);
    const hash = (await page.locator(".hash code").textContent())!;
    const recipe = await taken(page, "Recipe (JSON)");
    did(`took the recipe away: ${hash}`);
    const command = (await page.locator(".command").textContent())!;
    const folder = mkdtempSync(join(tmpdir(), "judged-"));
    try {
      writeFileSync(join(folder, "recipe.json"), recipe);
      const words = [...command.replace("npx backlit ", "").split(" "), "--recipe", join(folder, "recipe.json"), "--json"];
      const out = execFileSync(process.execPath, [join(root, "packages/backlit/bin/backlit.js"), ...words], {
        cwd: root,
        stdio: "pipe",
      });
      const replayed: unknown = JSON.parse(out.toString());
      expect(JSON.stringify(replayed)).toContain(`"${hash}`);
      did("the command replayed it to the same hash");
    } finally {
      rmSync(folder, { recursive: true });
    }
    did(`the page was busy for ${Math.round(await ask<number>(page, "globalThis.longest"))} ms at the longest`);
    console.log(steps.join("\n"));
    expect(said).toEqual([]);
    await page.close();
  });
};
