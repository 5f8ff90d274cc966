import { composites, methodCards } from "@backlit/core";
import { expect, test } from "vitest";
import { checkFilesBeside, checkSet } from "./unread.ts";

test("a parameter that nothing reads is refused, with the nearest that is", () => {
  expect(() => checkSet(["gama"], { composite: "gamma" })).toThrow(
    /composite gamma has no parameter 'gama'.*did you mean 'gamma'/,
  );
  expect(() => checkSet(["eps"], { method: "gradient" })).toThrow(/method gradient has no parameter 'eps'/);
  expect(() => checkSet(["steps"], { method: "deeplift" })).toThrow(/deeplift.*known: baseline, rule/);
  expect(() => checkSet(["epsilon"], { composite: "zplus" })).toThrow(/composite zplus has no parameter 'epsilon'/);
  expect(() => checkSet(["beta"], { composite: "gamma" })).toThrow(/composite gamma has no parameter 'beta'/);
});

test("beside a recipe file, too", () => {
  const rules = [{ match: {}, rule: { name: "epsilon" } }];
  expect(() => checkSet(["gamma"], { recipe: 1, rules })).toThrow(/method lrp has no parameter 'gamma'.*batchnorm/);
  expect(() => checkSet(["eps"], { recipe: 1, composite: { name: "epsilon" } })).toThrow(/no parameter 'eps'.*known: epsilon/);
  expect(() => checkSet(["step"], { recipe: 1, method: "integrated-gradients" })).toThrow(/did you mean 'steps'/);
  checkSet(["batchnorm", "zero_params"], { recipe: 1, rules });
});

test("what composites and methods have is taken", () => {
  for (const { name, parameters } of Object.values(composites))
    checkSet([...Object.keys(parameters), "batchnorm"], { composite: name });
  for (const { name, parameters } of methodCards) checkSet(Object.keys(parameters), { method: name });
  checkSet(["gamma", "border", "epsilon"], {});
});

test("references and groups go with methods that read them", () => {
  const groups = "g.npy";
  const references = "r.npy";
  expect(() => checkFilesBeside("occlusion", { window: "4" }, { groups })).toThrow(
    /'occlusion' does not read groups.*kernel-shap/,
  );
  expect(() => checkFilesBeside("grad-cam", {}, { references })).toThrow(/'grad-cam' does not read references.*deep-shap/);
  expect(() => checkFilesBeside("kernel-shap", { features: "pixel" }, { groups })).toThrow(/features=auto or given/);
  expect(() => checkFilesBeside("simple-taylor", {}, { references })).toThrow(/simple-taylor/);
  expect(() => checkFilesBeside("smoothgrad", {}, { references })).toThrow(/smoothgrad/);
  expect(() => checkFilesBeside("lrp", {}, { references })).toThrow(/lrp/);
  checkFilesBeside("kernel-shap", {}, { groups });
  checkFilesBeside("deep-shap", {}, { references });
  checkFilesBeside("rise", {}, { references });
  checkFilesBeside("integrated-gradients", { baseline: "zero+mean" }, { references });
  checkFilesBeside("simple-taylor", { root: "nearest" }, { references });
  checkFilesBeside("smoothgrad", { of: "deep-shap" }, { references });
  checkFilesBeside("smoothgrad", { of: "lime:samples=20" }, { groups });
  checkFilesBeside("uncertainty", { over: "baseline" }, { references });
});
