/** com.microsoft.nchwc: the layout that ONNX Runtime's highest optimization level writes for one processor. */
import { fail } from "../../errors.ts";
import type { ModelProto } from "../../onnx/proto.ts";

const BLOCKED = "com.microsoft.nchwc";

/** @throws Unsupported where weights lie in blocks whose length depends on the machine */
export const refuseBlocked = (model: ModelProto): void => {
  const node = model.graph.node.find(({ domain }) => domain === BLOCKED);
  if (node === undefined) return;
  throw fail("Unsupported", {
    what: "a model optimised for one processor",
    where: `${BLOCKED}.${node.opType} '${node.name || node.output[0]}'`,
    why: "its weights are reordered into blocks of that processor's vector length",
    fix: "give backlit the original file, or let ONNX Runtime save it at optimisation level `extended` instead of `all`",
  });
};
