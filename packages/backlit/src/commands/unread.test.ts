import { composites, methodCards } from "@backlit/core";
import { expect, test } from "vitest";
import { checkBeside, checkSet } from "./unread.ts";

test("a parameter that nothing reads is refused, with the nearest that is", () => {
  expect(() => checkSet(["gama"], undefined, "gamma")).toThrow(/composite gamma has no parameter 'gama'.*did you mean 'gamma'/);
  expect(() => checkSet(["eps"], "gradient", undefined)).toThrow(/method gradient has no parameter 'eps'/);
  expect(() => checkSet(["steps"], "deeplift", undefined)).toThrow(/deeplift/);
});

test("what composites and methods of one pass have is taken", () => {
  for (const { name, parameters } of Object.values(composites))
    checkSet([...Object.keys(parameters), "batchnorm"], undefined, name);
  for (const { name, parameters } of methodCards) checkSet(Object.keys(parameters), name, undefined);
  checkSet(["gamma", "border", "epsilon"], undefined, undefined);
});

test("references and groups go with methods that read them", () => {
  expect(() => checkBeside("occlusion", { groups: "g.npy" })).toThrow(/occlusion does not read --groups.*kernel-shap/);
  expect(() => checkBeside("rise", { references: "r.npy" })).toThrow(/rise does not read --references.*deep-shap/);
  checkBeside("kernel-shap", { groups: "g.npy" });
  checkBeside("deep-shap", { references: "r.npy" });
  checkBeside("integrated-gradients", { references: "r.npy" }, { baseline: "mean" });
});
