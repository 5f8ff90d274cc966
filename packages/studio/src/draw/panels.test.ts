import { pictureFigure } from "@backlit/core/render";
import { expect, test } from "vitest";
import { drawingOf, MODES, USUAL_LOOK } from "./look.ts";
import { panelsIn } from "./panels.ts";

const plane = {
  width: 28,
  height: 28,
  values: Float32Array.from({ length: 784 }, (_, i) => Math.sin(i / 9) * Math.cos(i / 40) ** 3),
};
const seen = {
  width: 28,
  height: 28,
  data: Uint8Array.from({ length: 4 * 784 }, (_, i) => (i % 4 === 3 ? 255 : (7 * i) % 256)),
};
const visits = { across: [1, 2], down: [2, 1] };

test.each(MODES)("%s has the pixels that the command's figure has under the same options", (mode) => {
  const look = { ...USUAL_LOOK, mode, opacity: 0.8, clip: 97, smooth: 1, colours: "dark" } as const;
  const { panels, colors } = panelsIn({ plane, seen, visits }, look);
  const { marks } = pictureFigure([{ title: "", plane }], { picture: seen, look: drawingOf(look), visits });
  const [bar, ...rest] = marks.flatMap((mark) => (mark.kind === "image" ? [mark.raster] : [])).reverse();
  const drawn = rest.reverse();
  const same = panels.map(({ raster }, i) => ({
    sizes: [raster.width - drawn[i]!.width, raster.height - drawn[i]!.height],
    pixels: raster.data.every((byte, at) => byte === drawn[i]!.data[at]),
  }));
  expect(same).toEqual((mode === "input" ? drawn.slice(0, 1) : drawn).map(() => ({ sizes: [0, 0], pixels: true })));
  // The legend's ends are those of the colours.
  if (mode !== "masked") expect(Array.from(bar!.data.subarray(0, 3))).toEqual(Array.from(colors.table.subarray(0, 3)));
});

test("a shared limit holds for maps without anything negative, too", () => {
  const positive = { ...plane, values: plane.values.map(Math.abs) };
  expect(panelsIn({ plane: positive }, { ...USUAL_LOOK, limit: 2 })).toMatchObject({
    range: { limit: 2, signed: true },
    colors: { name: "diverging" },
  });
});
