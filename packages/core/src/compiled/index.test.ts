/** A compiled method is one file and a line in the index: nothing else in the house asks for one by its name. */
import { expect, test } from "vitest";
import { read, sources } from "../../test/sources.ts";
import { composites } from "../composites/index.ts";
import { checkRule } from "../rules/index.ts";
import { compiledMethods, METHODS, ownParameters } from "./index.ts";

const elsewhere = sources("packages/core/src").filter((path) => !/\/compiled\/|\.test\.ts$/.test(path));

test("no other file decides by a method's name", () => {
  expect(elsewhere.length).toBeGreaterThan(300);
  const asked = new RegExp(`\\bmethod\\s*[!=]==?\\s*"(${METHODS.join("|")})"`);
  expect('if (recipe.method === "guided-backprop")').toMatch(asked);
  expect(elsewhere.filter((path) => asked.test(read(path)))).toEqual([]);
});

test("each has its own name; short forms name a composite; defaults pass their own check", () => {
  expect(Object.keys(compiledMethods)).toEqual(METHODS);
  for (const method of Object.values(compiledMethods)) {
    if (method.composite !== undefined) expect(composites).toHaveProperty([method.composite]);
    const params = Object.fromEntries(Object.entries(ownParameters(method)).map(([key, { default: value }]) => [key, value]));
    for (const [key, read] of Object.entries(method.read ?? {})) expect(read(undefined)).toBe(params[key]);
    if (method.activation !== undefined) expect(checkRule(method.activation.rule(params)).name).not.toBe("gradient");
  }
});
