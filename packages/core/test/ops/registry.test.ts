/** The registry is complete: every operator in it has a test in this folder. */
import { expect, test } from "vitest";
import { operators } from "../../src/ops/index.ts";
import { files, read } from "../sources.ts";

const tests = files("packages/core/test").filter((path) => /\/test\/(ops|support)\/.*\.ts$/.test(path));

test("no operator without a test", () => {
  const all = tests.map(read).join("\n");
  const untested = Object.keys(operators).filter((op) => !op.includes(".") && !new RegExp(`\\b${op}( <|\\(|")`).test(all));
  expect(untested).toEqual([]);
});
