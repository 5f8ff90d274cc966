/**
 * Operators that ONNX Runtime's optimiser puts in place of standard ones (its domain com.microsoft), taken apart again. Their
 * meaning: ContribOperators.md of ONNX Runtime. What has no entry here keeps its node, which backlit then has no rule for.
 */
import { domainOf, nodesOf } from "../../graph/graph.ts";
import type { TracedModel } from "../../graph/traced-model.ts";
import type { ModelProto } from "../../onnx/proto.ts";
import { type Expansions, expanding, type Pass, type Passed } from "../pass.ts";
import { Attention } from "./attention.ts";
import { refuseBlocked } from "./blocked.ts";
import { convolutions } from "./conv.ts";
import { products } from "./dense.ts";
import { EmbedLayerNormalization } from "./embed.ts";
import { gelus } from "./gelu.ts";
import { GroupQueryAttention } from "./group-query.ts";
import { others } from "./misc.ts";
import { MultiHeadAttention } from "./multi-head.ts";
import { normalizations } from "./norm.ts";
import { packedWeights } from "./packed.ts";
import { RotaryEmbedding } from "./rotary.ts";

const contribExpansions: Expansions = {
  ...convolutions,
  ...products,
  ...gelus,
  ...normalizations,
  ...packedWeights,
  ...others,
  "com.microsoft.Attention": Attention,
  "com.microsoft.MultiHeadAttention": MultiHeadAttention,
  "com.microsoft.GroupQueryAttention": GroupQueryAttention,
  "com.microsoft.RotaryEmbedding": RotaryEmbedding,
  "com.microsoft.EmbedLayerNormalization": EmbedLayerNormalization,
};

const apart = expanding("contrib", "taken apart into standard operators", contribExpansions);

export const contrib: Pass = {
  name: "contrib",
  what: "fused operators of ONNX Runtime are taken apart into standard ones",
  apply: (traced: TracedModel): Passed | undefined => {
    const { model } = traced;
    refuseBlocked(model);
    const passed = apart.apply(traced) ?? { model, notes: [] };
    const pruned = withoutUnusedDomains(passed.model);
    return pruned === model && passed.left === undefined ? undefined : { ...passed, model: pruned };
  },
};

/** Those of other processors, which no runtime here has kernels for; they can be taken apart without knowing shapes. */
const FOREIGN =
  /^com\.ms\.internal\.nhwc\.|\.(Nhwc(Fused)?Conv|(Skip)?GroupNorm|BiasAdd|BiasSplitGelu|GemmFastGelu|FusedMatMulActivation)$/;

export const foreignContrib: Pass = {
  ...expanding(
    "foreign contrib",
    "taken apart into standard operators",
    Object.fromEntries(Object.entries(contribExpansions).filter(([name]) => FOREIGN.test(name))),
  ),
  what: "fused operators for other processors are taken apart before the model is run",
  needs: "nothing",
};

/** Opset imports of domains that no node is of any more are left out: not every runtime knows them. */
const withoutUnusedDomains = (model: ModelProto): ModelProto => {
  const nodes = [model.graph, ...model.functions].flatMap(nodesOf);
  const used = new Set(["", ...model.functions.map((f) => f.domain), ...nodes.map((node) => domainOf(node.domain))]);
  const opsetImport = model.opsetImport.filter(({ domain }) => used.has(domainOf(domain)));
  return opsetImport.length === model.opsetImport.length ? model : { ...model, opsetImport };
};
