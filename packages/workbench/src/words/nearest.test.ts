import { composites, methodCards, metrics } from "@backlit/core";
import { expect, test } from "vitest";
import { knownMetric } from "./known-metric.ts";
import { nearest } from "./nearest.ts";

const METHODS = methodCards.map(({ name }) => name);
const COMPOSITES = ["auto", ...Object.keys(composites)];

test.each([
  ["gradcam", METHODS, "grad-cam"],
  ["integrated_gradients", METHODS, "integrated-gradients"],
  ["ig", METHODS, "integrated-gradients"],
  ["gxi", METHODS, "gradient-x-input"],
  ["kernelshap", METHODS, "kernel-shap"],
  ["occlusoin", METHODS, "occlusion"],
  ["lrp-epsilon", COMPOSITES, "epsilon"],
  ["alpha2-beta1", COMPOSITES, "epsilon-alpha2-beta1"],
  ["EpsilonPlusFlat", COMPOSITES, "epsilon-plus-flat"],
  ["lrp-gamma", COMPOSITES, "gamma"],
  ["sparseness", Object.keys(metrics), undefined],
  ["pixel_flipping", Object.keys(metrics), "pixel-flipping"],
  ["tabby", METHODS, undefined],
])("%s", (written, names, name) => expect(nearest(written, names)).toBe(name));

test.each([
  ["sparseness", /sparseness is a score of complexity.*did you mean 'complexity'/],
  ["image-entropy-bits", /score of complexity/],
  ["srgg", /did you mean 'srg'/],
  ["tabby", /'tabby': known: srg/],
])("metric %s", (written, words) => expect(() => knownMetric(written)).toThrow(words));
