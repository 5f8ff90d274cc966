import { describe, expect, it } from "vitest";
import { createRaster, getPixel, WHITE } from "./canvas.ts";
import { alphabet, glyphOf } from "./font.ts";
import { drawText, fitText, textWidth } from "./text.ts";

const ink = (text: string, size = 20) => {
  const raster = createRaster(textWidth(text, { size }) + 4, 30);
  drawText(raster, text, 2, 2, { size });
  return raster;
};

describe("the font", () => {
  it("covers printable ASCII and the signs legends need", () => {
    for (let code = 32; code < 127; code++) expect(alphabet).toContain(String.fromCharCode(code));
    for (const sign of "±−×≥≤…αβγεΣ") expect(alphabet).toContain(sign);
  });
  it("gives every character ink of its own", () => {
    const seen = new Map<string, string>();
    for (const character of alphabet) {
      const key = JSON.stringify(glyphOf(character));
      expect(seen.get(key), `${character} looks like ${seen.get(key)}`).toBeUndefined();
      seen.set(key, character);
      const dark = ink(character).data.some((v, i) => i % 4 === 0 && v < 100);
      expect(dark, character).toBe(character !== " ");
    }
  });
  it("stays inside the line and its width", () => {
    for (const character of alphabet) {
      const { width, strokes } = glyphOf(character);
      for (const [i, v] of strokes.flat().entries()) {
        expect(v).toBeGreaterThanOrEqual(0);
        expect(v, character).toBeLessThanOrEqual(i % 2 === 0 ? width : 18);
      }
    }
  });
  it("falls back to the base letter, then to a box", () => {
    expect(glyphOf("é")).toEqual(glyphOf("e"));
    expect(glyphOf("漢")).toEqual(glyphOf("字"));
    expect(glyphOf("漢").strokes).toHaveLength(1);
  });
});

describe("text", () => {
  it("has digits of one width", () => {
    expect(new Set([..."0123456789"].map((d) => textWidth(d))).size).toBe(1);
  });
  it("draws a stem where the letter says", () => {
    const raster = ink("I");
    const column = Math.round(2 + 4.2 / 2);
    expect(getPixel(raster, column, 10)[0]).toBeLessThan(80);
    expect(getPixel(raster, column + 4, 10)).toEqual(WHITE);
  });
  it("is clipped by the raster, not an error", () => {
    const raster = createRaster(10, 10);
    expect(() => drawText(raster, "Wide text", -5, -5)).not.toThrow();
  });
  it("is shortened to fit", () => {
    const fitted = fitText("great white shark, man-eater", 150);
    expect(fitted.endsWith("…")).toBe(true);
    expect(textWidth(fitted)).toBeLessThanOrEqual(150);
    expect(fitText("cat", 150)).toBe("cat");
  });
});
