/** Two objects in one picture: maps of a class lie on its object. */
import { expect, test } from "vitest";
import { jsonOf, loadLite0, photo } from "../../../../backlit/test/support.ts";

const SIDE = 224;

/** Share of what is positive inside a box. */
const inside = ({ data }: { data: Float32Array }, [left, top, right, bottom]: readonly number[]): number => {
  let [all, within] = [0, 0];
  data.forEach((value, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE) % SIDE];
    const positive = Math.max(value, 0);
    all += positive;
    if (x >= left! && x < right! && y >= top! && y < bottom!) within += positive;
  });
  return within / all;
};

test("class activation maps of EfficientNet-Lite0 tell two objects apart", async () => {
  await using lit = await loadLite0();
  const file = "collage-cat-coffee.jpg";
  const x = await photo(file);
  const { objects } = jsonOf("data/photos/photos.json").photos.find((it: { file: string }) => it.file === file);
  for (const method of ["cam", "hirescam", "guided-grad-cam"])
    for (const { index, inputBox } of objects) {
      const { relevance, notices } = await lit.explain(x, { method, target: index });
      expect(inside(relevance, inputBox), `${method} of class ${index}`).toBeGreaterThan(0.8);
      expect(notices.join()).toContain("1280 channels of 7×7");
    }
});
