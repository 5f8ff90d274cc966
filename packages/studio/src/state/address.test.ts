import { expect, test } from "vitest";
import { USUAL_LOOK } from "../draw/look.ts";
import { queryOf, readAddress } from "./address.ts";

test("what an address says comes back from it", () => {
  const chosen = { way: "epsilon-plus", target: "A minus B", edits: { gamma: 0.5, nodes: { "/conv:0": { name: "zplus" } } } };
  const look = { ...USUAL_LOOK, mode: "masked", clip: 97, smooth: 2, dots: false } as const;
  const address = readAddress(queryOf({ example: "cat", pixels: "no" }, chosen, look));
  expect(address).toEqual({ given: false, example: "cat", chosen, look: { mode: "masked", clip: 97, smooth: 2, dots: false } });
});

test("what is usual is left out; what is broken says nothing", () => {
  expect(queryOf({}, { way: "", edits: {} }, USUAL_LOOK)).toBe("");
  expect(readAddress("?rules={&opacity=x&mode=none&clip=4")).toEqual({
    given: false,
    chosen: { way: "", edits: {} },
    look: { clip: 90 },
  });
});
