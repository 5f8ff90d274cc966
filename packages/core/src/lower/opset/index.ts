/** Opsets 7 to 16 mean the same as 17 once the operators below are written as they are there. */
import { fail } from "../../errors.ts";
import type { ModelProto } from "../../onnx/proto.ts";
import { type Expansion, expanding, type Pass } from "../pass.ts";
import { Softmax } from "./softmax.ts";

/** The opset of the artefact is max(17, the file's). */
export const TARGET_OPSET = 17;
const OLDEST = 7;

const versionOf = (model: ModelProto): number =>
  model.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx")?.version ?? TARGET_OPSET;

/** By operator: the first opset whose form is today's, and how to write an older node in it. */
const table: Readonly<Record<string, { readonly since: number; readonly expand: Expansion }>> = {
  Softmax: { since: 13, expand: Softmax },
  LogSoftmax: { since: 13, expand: Softmax },
};

export const opset: Pass = {
  name: "opset",
  what: "operators of older opsets are written as in opset 17",
  apply: (model, facts) => {
    const version = versionOf(model);
    if (version >= TARGET_OPSET) return undefined;
    if (version < OLDEST)
      throw fail("Unsupported", {
        what: `opset ${version}`,
        why: `operators before opset ${OLDEST} have other meanings`,
        fix: "export the model again, or convert it to opset 17 (onnx.version_converter)",
      });
    const older = Object.entries(table).filter(([, { since }]) => version < since);
    const raised = (m: ModelProto): ModelProto => ({
      ...m,
      opsetImport: [
        ...m.opsetImport.filter(({ domain }) => domain !== "" && domain !== "ai.onnx"),
        { domain: "", version: TARGET_OPSET },
      ],
    });
    return expanding(
      "opset",
      `written as in opset ${TARGET_OPSET}`,
      Object.fromEntries(older.map(([name, { expand }]) => [name, expand])),
      raised,
    ).apply(model, facts);
  },
};
