/** Models of scikit-learn, in the words of its exporter: the same outputs in plain operators, and what is explained. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../../test/support/compare.ts";
import { explain, floats, ints, model, numbers, runModel } from "../../../test/support/run.ts";
import { load } from "../../explain/index.ts";
import { opName } from "../../graph/graph.ts";
import { encodeModelBytes } from "../../onnx/encode.ts";
import { randomValues } from "../../onnx/parse-tensors.ts";
import type { ModelProto } from "../../onnx/proto.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { prepare } from "../prepare.ts";

const ML = (opset = 17) => `<ir_version: 8, opset_import: ["" : ${opset}, "ai.onnx.ml" : 1]>`;
const random = (seed: number, count: number): string => [...randomValues(seed, count)].map((v) => v.toFixed(4)).join();
const x = floats([4, 3], [1, -2, 0.5, 0, 0, 0, -1, -0.5, -3, 0.3, 0.2, 0.1]);

/** The lowered model gives what the original gives, and has none of scikit-learn's operators left. */
const unchanged = async (m: ModelProto, given: Tensor = x, stays: readonly string[] = []): Promise<ModelProto> => {
  const { model: low } = await prepare(m, await nodeRuntime());
  const [want, got] = [await runModel(m, { x: given }), await runModel(low, { x: given })];
  for (const name of Object.keys(want)) {
    const a = want[name]!;
    expect([got[name]!.type, got[name]!.dims]).toEqual([a.type, a.dims]);
    if (a.type === "string") expect(got[name]!.data).toEqual(a.data);
    else expectClose(numbers(got[name]), numbers(a), 1e-5, name);
  }
  expect(low.graph.node.map(opName).filter((op) => op.startsWith("ai.onnx.ml."))).toEqual(stays);
  return low;
};

const classifier = (op: string, attributes: string, labels = "classlabels_ints=[3,5,9]", type = "int64") =>
  model(
    `${ML()} net (float[N,3] x) => (${type}[N] label, float[] s) { label, s = ai.onnx.ml.${op} <${labels}, ${attributes}> (x) }`,
  );
const feature = (call: string, type = "float", out = "float") =>
  model(`${ML()} net (${type}[N,3] x) => (${out}[] y) { y = ai.onnx.ml.${call} }`);

describe("linear models", () => {
  const three = `coefficients=[${random(1, 9)}], intercepts=[0.1,-0.2,0.3]`;
  const one = `coefficients=[${random(2, 3)}], intercepts=[0.1]`;
  for (const transform of ["NONE", "LOGISTIC", "SOFTMAX"]) {
    test(`three classes, ${transform}`, async () =>
      void (await unchanged(classifier("LinearClassifier", `${three}, post_transform="${transform}"`))));
    test(`two classes by one row, ${transform}`, async () =>
      void (await unchanged(classifier("LinearClassifier", `${one}, post_transform="${transform}"`, "classlabels_ints=[0,1]"))));
    test(`regression, ${transform}`, async () => {
      await unchanged(feature(`LinearRegressor <targets=3, ${three}, post_transform="${transform}"> (x)`));
      await unchanged(feature(`LinearRegressor <${one}, post_transform="${transform}"> (x)`));
    });
  }

  test("more coefficients than the intercepts ask for", async () => {
    const four = `coefficients=[${random(1, 12)}], intercepts=[0.1,-0.2,0.3]`;
    await unchanged(classifier("LinearClassifier", `${four}, post_transform="LOGISTIC"`));
  });

  test("labels that are words, integer inputs, no intercepts", async () => {
    await unchanged(classifier("LinearClassifier", three, 'classlabels_strings=["a","b","c"]', "string"));
    await unchanged(classifier("LinearClassifier", one, 'classlabels_strings=["no","yes"]', "string"));
    await unchanged(feature(`LinearRegressor <coefficients=[${random(1, 9)}], targets=3> (x)`));
    const whole = model(`${ML()} net (int64[N,3] x) => (int64[N] label, float[] s) {
      label, s = ai.onnx.ml.LinearClassifier <classlabels_ints=[3,5,9], ${three}> (x) }`);
    await unchanged(whole, ints([2, 3], [1, 2, 3, -1, 0, 5]));
  });

  test("other transforms stay, with the reason where relevance has to go through", async () => {
    const m = classifier("LinearClassifier", `${three}, post_transform="SOFTMAX_ZERO"`);
    await unchanged(m, x, ["ai.onnx.ml.LinearClassifier"]);
    await expect(explain(m, { x })).rejects.toThrow(/LinearClassifier.*SOFTMAX_ZERO.*--explain/);
  });

  test("the logit of either class is explained: w ⊙ x with its sign", async () => {
    const m = classifier(
      "LinearClassifier",
      `coefficients=[1.0,2.0,3.0], intercepts=[0.0], post_transform="LOGISTIC"`,
      "classlabels_ints=[0,1]",
    );
    for (const [target, sign] of [
      [0, -1],
      [1, 1],
    ] as const) {
      const { relevance } = await explain(m, { x }, { recipe: { seed: "logit" }, target: { kind: "index", index: [target] } });
      expectClose(
        relevance,
        numbers(x).map((v, i) => sign * v * ((i % 3) + 1)),
        1e-5,
      );
    }
  });
});

describe("support vectors", () => {
  const vectors = `support_vectors=[${random(5, 18)}], kernel_params=[0.7,0.4,3.0]`;
  const three = `${vectors}, coefficients=[${random(6, 12)}], rho=[0.1,-0.2,0.05], vectors_per_class=[2,1,3]`;
  const two = `${vectors}, coefficients=[${random(7, 6)}], rho=[0.1], vectors_per_class=[2,4]`;
  for (const kernel of ["LINEAR", "RBF", "POLY", "SIGMOID"])
    test(`${kernel} kernel`, async () => {
      await unchanged(classifier("SVMClassifier", `${three}, kernel_type="${kernel}"`));
      await unchanged(classifier("SVMClassifier", `${three}, kernel_type="${kernel}", post_transform="SOFTMAX"`));
      await unchanged(classifier("SVMClassifier", `${two}, kernel_type="${kernel}"`, "classlabels_ints=[4,2]"));
      await unchanged(
        classifier("SVMClassifier", `${two}, kernel_type="${kernel}", post_transform="LOGISTIC"`, "classlabels_ints=[4,2]"),
      );
      await unchanged(
        feature(
          `SVMRegressor <${vectors}, coefficients=[${random(8, 6)}], rho=[0.1], n_supports=6, kernel_type="${kernel}"> (x)`,
        ),
      );
    });

  test("probabilities and one class stay, with the reason", async () => {
    const m = classifier("SVMClassifier", `${two}, kernel_type="RBF", prob_a=[-1.5], prob_b=[0.1]`, "classlabels_ints=[0,1]");
    await unchanged(m, x, ["ai.onnx.ml.SVMClassifier"]);
    await expect(explain(m, { x })).rejects.toThrow(/SVMClassifier.*probability=False.*--on-unsupported detach/);
  });
});

describe("preprocessing", () => {
  const cases: Readonly<Record<string, string>> = {
    "Scaler, one each": "Scaler <offset=[0.5,1.0,0.0], scale=[2.0,0.1,1.0]> (x)",
    "Scaler, one for all": "Scaler <offset=[0.0], scale=[2.0]> (x)",
    "Scaler that does nothing": "Scaler <offset=[0.0], scale=[1.0]> (x)",
    "Normalizer L1": 'Normalizer <norm="L1"> (x)',
    "Normalizer L2": 'Normalizer <norm="L2"> (x)',
    "Normalizer MAX, by the sign of the largest": 'Normalizer <norm="MAX"> (x)',
    Binarizer: "Binarizer <threshold=0.1> (x)",
    "Imputer of a number": "Imputer <imputed_value_floats=[7.0,8.0,9.0], replaced_value_float=0.0> (x)",
    OneHotEncoder: "OneHotEncoder <cats_int64s=[1,0,-2]> (x)",
    FeatureVectorizer: "FeatureVectorizer <inputdimensions=[3,3]> (x, x)",
  };
  for (const [name, call] of Object.entries(cases)) test(name, async () => void (await unchanged(feature(call))));

  test("Imputer of NaN", async () => {
    await unchanged(
      feature("Imputer <imputed_value_floats=[7.0], replaced_value_float=nan> (x)"),
      floats([1, 3], [1, Number.NaN, 2]),
    );
  });

  test("integers", async () => {
    const given = ints([2, 3], [1, 0, -2, 3, 4, 0]);
    await unchanged(feature("Imputer <imputed_value_int64s=[7,8,9], replaced_value_int64=0> (x)", "int64", "int64"), given);
    await unchanged(feature("OneHotEncoder <cats_int64s=[4,0,-2,1]> (x)", "int64"), given);
    await unchanged(feature("Scaler <offset=[1.0], scale=[0.5]> (x)", "int64"), given);
  });

  test("columns by position, from a matrix and from a row", async () => {
    const held = "<int64[2] at = {2,0}, int64[1,2] row = {1,1}, float[4] labels = {5,6,7,8}>";
    await unchanged(
      model(`${ML()} net (float[N,3] x) => (float[] y, float[] z, float[] l) ${held} {
        y = ai.onnx.ml.ArrayFeatureExtractor(x, at) z = ai.onnx.ml.ArrayFeatureExtractor(x, row)
        i = ArgMax <axis=1, keepdims=0> (x) l = ai.onnx.ml.ArrayFeatureExtractor(labels, i) }`),
    );
  });
});

describe("a pipeline as it is exported", () => {
  const layer = `coefficients=[${random(1, 9)}], intercepts=[0.1,-0.2,0.3], classlabels_strings=["a","b","c"], post_transform="SOFTMAX"`;
  const pipeline = (opset: number) =>
    model(`${ML(opset)} net (float[N,3] x) => (string[N] label, p) {
      scaled = ai.onnx.ml.Scaler <offset=[0.5,1.0,0.0], scale=[2.0,0.1,1.0]> (x)
      label, scores = ai.onnx.ml.LinearClassifier <${layer}> (scaled)
      probabilities = ai.onnx.ml.Normalizer <norm="L1"> (scores)
      p = ai.onnx.ml.ZipMap <classlabels_strings=["a","b","c"]> (probabilities) }`);

  test("its probabilities, a list of maps, stay; the tensor they are made of is explained at the logits", async () => {
    for (const opset of [9, 17, 21]) {
      await using lit = await load(encodeModelBytes(pipeline(opset)), { runtime: await nodeRuntime() });
      const { output, outputs, notices, relevance, target } = await lit.explain(x, { composite: { name: "epsilon" } });
      expect(Object.keys(outputs)).toEqual(["label"]);
      expect(output.dims).toEqual([4, 3]);
      expectClose(
        [0, 3, 6, 9].map((i) =>
          numbers(output)
            .slice(i, i + 3)
            .reduce((a, b) => a + b),
        ),
        [1, 1, 1, 1],
        1e-6,
      );
      const best = [0, 1, 2, 3].map((n) =>
        [0, 1, 2].reduce((a, b) => (numbers(output)[3 * n + b]! > numbers(output)[3 * n + a]! ? b : a)),
      );
      expect(target.flat()).toEqual(best);
      expect(Array.from(outputs.label!.data as readonly string[])).toEqual(best.map((i) => "abc"[i]));
      expect(notices).toContain("the trailing Softmax is cut: the logit before it is explained");
      expect(relevance.dims).toEqual([4, 3]);
      const { model: artefact } = await lit.compile();
      expect(artefact.graph.output.map(({ name }) => name)).toEqual(["label", "p", "relevance", "explained_target"]);
      expect(Object.keys(await runModel(artefact, { x }))).toEqual(["label", "relevance", "explained_target"]);
    }
  });

  test("probabilities of two classes, written out as [1 − p, p]", async () => {
    const m = model(`net (float[N,3] x) => (float[N,2] y) <float[3,1] w = random(1), float one = {1}> {
      z = MatMul(x, w) p = Sigmoid(z) q = Sub(one, p) y = Concat <axis=1> (q, p) }`);
    await unchanged(m);
    const logit = { recipe: { seed: "logit" } } as const;
    const { compiled, relevance } = await explain(m, { x }, { ...logit, target: { kind: "index", index: [0] } });
    const other = await explain(m, { x }, { ...logit, target: { kind: "index", index: [1] } });
    expect(compiled.plan.reading.link.kind).toBe("sigmoid");
    expectClose(
      relevance,
      other.relevance.map((r) => -r),
      1e-5,
    );
  });

  test("trees and lookups are refused with the reason", async () => {
    const tree = `nodes_treeids=[0,0,0], nodes_nodeids=[0,1,2], nodes_featureids=[0,0,0], nodes_modes=["BRANCH_LEQ","LEAF","LEAF"], nodes_values=[0.5,0.0,0.0],
      nodes_truenodeids=[1,0,0], nodes_falsenodeids=[2,0,0], class_treeids=[0,0], class_nodeids=[1,2], class_ids=[0,1], class_weights=[1.0,1.0]`;
    const m = classifier("TreeEnsembleClassifier", tree, "classlabels_int64s=[0,1]");
    await expect(explain(m, { x })).rejects.toThrow(
      /TreeEnsembleClassifier \(node 'label'\): its result stays the same under small changes.*--explain/,
    );
  });
});
