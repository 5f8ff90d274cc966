import { expect, test } from "vitest";
import { joinBytes } from "../tensor/bytes.ts";
import { encodeMessage } from "./encode.ts";
import { externalFiles } from "./external-files.ts";
import { parseModel } from "./parse-text.ts";
import { sparseTensor } from "./schema.ts";

const at = (file: string) => `float[1] w = ["location" : "${file}", "offset" : "0"]`;
const model = (inner: string, fun: string) =>
  parseModel(`<ir_version: 9, opset_import: ["" : 17]>
    g (c) => (y) <${at("a.bin")}, float[1] v = {1}> {
      y = If <then_branch = t () => (o) <${at(inner)}> { o = Op <value = float[1] w ["location" : "d/c.bin"]> () }> (c)
    }
    <domain: "f"> f <k = float[1] ["location" : "${fun}"]> (x) => (y) { y = Relu (x) }`);

test("files are found in initializers, subgraphs, attributes and functions", () => {
  expect([...externalFiles(model("b.bin", "e.bin"))]).toEqual(["a.bin", "b.bin", "d/c.bin", "e.bin"]);
});

test("none of them may leave the folder, not even in a sparse initializer", () => {
  expect(() => externalFiles(model("../b.bin", "e.bin"))).toThrow(/no path inside/);
  expect(() => externalFiles(model("b.bin", "/e.bin"))).toThrow(/no path inside/);
  const plain = model("b.bin", "e.bin");
  const [values] = model("x/../../b.bin", "e.bin").graph.node[0]!.attribute[0]!.g!.initializer;
  const sparseInitializer = [joinBytes(encodeMessage(sparseTensor, { values: values! }))];
  expect(() => externalFiles({ ...plain, graph: { ...plain.graph, sparseInitializer } })).toThrow(/no path inside/);
});
