/** Many pictures: their maps in a plane, a lasso around some of them, and the file that repair takes. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readNpy, writeNpy } from "@backlit/core";
import { expect, test } from "vitest";
import { computed, type Site, visit } from "../browser.ts";
import { taken } from "./away.ts";
import { drop } from "./drop.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const POLL = { timeout: 100_000 };
/** A folder that keeps what the tests saw. */
const pictures = process.env.BACKLIT_SCREENSHOTS;

/** So many of the digits that are a 3 or an 8, in turns. */
const someDigits = (count: number): Uint8Array => {
  const [images, labels] = ["images", "labels"].map((name) =>
    readNpy(new Uint8Array(readFileSync(`${root}/data/digits/${name}.npy`))),
  );
  const size = images!.data.length / labels!.data.length;
  const of = (digit: number) => Array.from(labels!.data, Number).flatMap((label, i) => (label === digit ? [i] : []));
  const [threes, eights] = [of(3), of(8)];
  const rows = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? threes : eights)[i >> 1]!);
  const data = Uint8Array.from(rows.flatMap((row) => Array.from(images!.data.slice(row * size, (row + 1) * size), Number)));
  return writeNpy({ type: "uint8", dims: [count, ...images!.dims.slice(1)], data });
};

interface GroupFile {
  readonly classes: readonly {
    readonly samples: readonly number[];
    readonly labels: readonly number[];
    readonly target: readonly number[];
  }[];
}

export const groups = (site: () => Site): void => {
  test("maps of many pictures: a line around some, the same by keyboard in the list, and the group as a file", async () => {
    const { page, said } = await visit(site(), "?example=digit-3");
    await computed(page);
    await drop(page, { "digits.npy": someDigits(28) });
    const section = page.getByRole("region", { name: "Do the maps fall into groups?" });
    await section.waitFor();
    await computed(page);
    await section.getByRole("heading").click();
    await section.getByRole("button", { name: "Group the maps" }).click();
    const plane = section.locator("svg.lasso");
    await plane.waitFor();
    const all = await plane.locator("text").count();
    expect(all).toBeGreaterThan(9);
    const now = section.locator("p.now");
    // All of the plane.
    await plane.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await plane.boundingBox())!;
    await page.mouse.move(x + 2, y + 2);
    await page.mouse.down();
    for (const [a, b] of [
      [1, 0],
      [1, 1],
      [0, 1],
    ] as const)
      await page.mouse.move(x + 2 + a * (width - 4), y + 2 + b * (height - 4));
    await page.mouse.up();
    await expect.poll(() => now.textContent(), POLL).toBe(`${all} of ${all} are chosen.`);
    const list = section.getByRole("listbox", { name: "Samples" });
    await list.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await expect.poll(() => now.textContent(), POLL).toBe(`3 of ${all} are chosen.`);
    expect(await plane.locator("circle").count()).toBe(3);
    expect(await section.locator(".row canvas").count()).toBe(3);
    expect(await section.locator(".means canvas").count()).toBe(2);
    if (pictures) await section.screenshot({ path: `${pictures}/studio-groups.png` });
    const { classes } = JSON.parse(new TextDecoder().decode(await taken(page, "Chosen as a group (JSON)"))) as GroupFile;
    expect(classes[0]!.labels.filter((label) => label === 1)).toHaveLength(3);
    // Threes have the even numbers of the array.
    const parity = classes[0]!.target[0] === 3 ? 0 : 1;
    expect(classes[0]!.samples.filter((sample) => sample % 2 === parity).length).toBeGreaterThan(0.8 * all);
    await section.getByRole("button", { name: /^group 0, / }).click();
    await expect.poll(() => now.textContent(), POLL).not.toBe(`3 of ${all} are chosen.`);
    expect(said).toEqual([]);
    await page.close();
  });
};
