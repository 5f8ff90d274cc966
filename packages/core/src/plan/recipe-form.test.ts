import { expect, test } from "vitest";
import { checkForm } from "./recipe-form.ts";

const rule = { name: "epsilon" };

test.each<[object, string]>([
  [{ rules: "all" }, 'rules is "all": give a list of { match, rule }'],
  [{ rules: [null] }, "rule 1 is null: give a list of { match, rule }"],
  [{ rules: [{ rule }] }, "rule 1: match is null: give an object ({} is every layer)"],
  [{ rules: [{ match: {} }] }, "rule 1: rule is null: give an object with a name"],
  [{ rules: [{ match: {}, rule: { nom: "zplus" } }] }, 'rule 1: rule is {"nom":"zplus"}: give an object with a name'],
  [{ rules: [{ match: { ops: "Conv" }, rule }] }, "rule 1: a match has no key 'ops': it has op, kind, name, first"],
  [{ rules: [{ match: { op: [] }, rule }] }, "rule 1: match.op is []: give a text or a list of texts"],
  [{ rules: [{ match: { index: 0.5 }, rule }] }, "rule 1: match.index is 0.5: give a position"],
  [{ rules: [{ match: { range: [1] }, rule }] }, "rule 1: match.range is [1]: give two positions"],
  [{ composite: { params: {} } }, 'composite is {"params":{}}: give a name'],
  [{ composite: { name: "gamma", params: 3 } }, "composite is"],
  [{ seed: { contrast: 0.5 } }, 'seed is {"contrast":0.5}: give a name or { contrast: class }'],
  [{ explain: [] }, "explain is []"],
  [{ output: 3 }, "output is 3: give a text"],
  [{ params: [] }, "params is []: give an object"],
])("%j", (recipe, message) => {
  expect(() => checkForm(recipe)).toThrow(
    expect.objectContaining({ _tag: "BadRecipe", message: expect.stringContaining(message) }),
  );
});

test("what is well formed passes", () => {
  const match = {
    op: ["Conv"],
    kind: "linear",
    name: "*",
    first: "convolution",
    "every-first": true,
    index: [0],
    range: [0, 3],
    mapAbove: 0.1,
  };
  checkForm({
    rules: [
      { match, rule },
      { match: {}, rule },
    ],
    seed: { contrast: "dog" },
    explain: ["x"],
    params: {},
  });
  checkForm({ rules: undefined, composite: { name: "gamma" }, seed: "one", explain: "x", output: "y" });
});
