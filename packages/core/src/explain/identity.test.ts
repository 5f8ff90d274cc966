import { expect, test } from "vitest";
import { parseModel } from "../onnx/index.ts";
import { sha256 } from "../plan/index.ts";
import { artefactIdentity, modelIdentity } from "./identity.ts";

test("without weight files it is the model file's SHA-256; with them a line a file, the model's first, the others sorted", async () => {
  expect(await modelIdentity("aa")).toBe("aa");
  const files = new Map([
    ["b.bin", "22"],
    ["./a b.bin", "11"],
    ["B.bin", "33"],
  ]);
  expect(await modelIdentity("aa", files)).toBe(await sha256(". aa\n./a b.bin 11\nB.bin 33\nb.bin 22\n"));
});

test("artefacts without the field are read with the model file's hash; other models have none", () => {
  const plain = parseModel("m (float[1] x) => (float[1] y) { y = Relu(x) }");
  const having = (metadata: Record<string, string>) =>
    artefactIdentity({ ...plain, metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })) });
  expect(having({ "backlit.model.sha256": "aa", "backlit.model.identity": "bb" })).toBe("bb");
  expect(having({ "backlit.model.sha256": "aa" })).toBe("aa");
  expect(having({ other: "cc" })).toBeUndefined();
});
