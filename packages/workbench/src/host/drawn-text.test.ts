import type { DrawnText } from "@backlit/core";
import { expect, test } from "vitest";
import { drawnOrMissing } from "./drawn-text.ts";

/** A font of two letters; all others are boxes, as wide as their number is long. */
const draw = async (text: string): Promise<DrawnText> => {
  const letter = (character: string) => {
    if (/[a日]/.test(character)) return ["#####", "#...#", "##.##", character === "a" ? "#...#" : "#####", ".....", "....."];
    const wide = character.codePointAt(0)! > 0xffff ? 7 : 5;
    const [full, hollow] = ["#".repeat(wide), `#${".".repeat(wide - 2)}#`];
    return [full, hollow, hollow, hollow, hollow, full];
  };
  const rows = [...text].map(letter);
  const width = rows.reduce((sum, [first]) => sum + first!.length + 1, 0);
  const cover = Array.from({ length: 6 }, (_, y) => rows.map((of) => `${of[y]}.`).join("")).join("");
  return { width, height: 6, ascent: 5, cover: Uint8Array.from(cover, (mark) => (mark === "#" ? 255 : 0)) };
};

test("a text whose letters come out as boxes is missing; letters that look like a window are not", async () => {
  expect((await drawnOrMissing("a日 a", draw))?.width).toBe((await draw("a日 a")).width);
  expect(await drawnOrMissing("ab", draw)).toBeUndefined();
  expect(await drawnOrMissing("\u{20000}", draw)).toBeUndefined();
  expect(await drawnOrMissing("a", async (text) => (text === "a" ? undefined : draw(text)))).toBeUndefined();
});
