/** Opsets 7 to 16 mean the same as 17 once the operators below are written as they are there. */
import { fail } from "../../errors.ts";
import { domainOf, type Graph } from "../../graph/graph.ts";
import type { ModelProto } from "../../onnx/proto.ts";
import { type Expansion, type Expansions, expand, type Pass } from "../pass.ts";
import { Dropout } from "./dropout.ts";
import { Affine, Crop, ImageScaler, ParametricSoftplus, ScaledTanh } from "./experimental.ts";
import { BatchNormalization } from "./norm.ts";
import { Resize, Upsample } from "./resize.ts";
import { Scan } from "./scan.ts";
import { Softmax } from "./softmax.ts";
import { Clip, Pad, ReduceSum, Slice, Split, Squeeze, TopK, Unsqueeze } from "./to-inputs.ts";

/**
 * The opset of the artefact is max(17, the file's).
 * @internal Exported for its tests.
 */
export const TARGET_OPSET = 17;
const OLDEST_OPSET = 7;
/** The least IR version of a model of that opset. */
const TARGET_IR = 8;

/** By operator: the first opset whose form is today's, and how to write an older node in it. */
export const older: Readonly<Record<string, { readonly since: number; readonly expand: Expansion }>> = {
  Softmax: { since: 13, expand: Softmax },
  LogSoftmax: { since: 13, expand: Softmax },
  Hardmax: { since: 13, expand: Softmax },
  Squeeze: { since: 13, expand: Squeeze },
  Unsqueeze: { since: 13, expand: Unsqueeze },
  ReduceSum: { since: 13, expand: ReduceSum },
  Split: { since: 13, expand: Split },
  Resize: { since: 13, expand: Resize },
  BatchNormalization: { since: 14, expand: BatchNormalization },
  Dropout: { since: 12, expand: Dropout },
  Clip: { since: 11, expand: Clip },
  Pad: { since: 11, expand: Pad },
  Scatter: { since: 11, expand: (node, { g }) => g.emit({ ...node, opType: "ScatterElements" }) },
  Upsample: { since: 10, expand: Upsample },
  Slice: { since: 10, expand: Slice },
  TopK: { since: 10, expand: TopK },
  Scan: { since: 9, expand: Scan },
  Affine: { since: 10, expand: Affine },
  Crop: { since: 10, expand: Crop },
  ImageScaler: { since: 10, expand: ImageScaler },
  ParametricSoftplus: { since: 10, expand: ParametricSoftplus },
  ScaledTanh: { since: 10, expand: ScaledTanh },
};

/** A file without operator sets is of the first (IR 1 and 2), or uses other domains alone. */
const versionOf = (model: ModelProto): number =>
  model.opsetImport.find(({ domain }) => domainOf(domain) === "")?.version ?? (model.irVersion < 3 ? 1 : 0);

/** Initializers are no inputs any more: IR 3 listed them there. */
const raised = (model: ModelProto, { inputs }: Graph): ModelProto => ({
  ...model,
  graph: { ...model.graph, input: inputs },
  irVersion: Math.max(model.irVersion, TARGET_IR),
  opsetImport: [...model.opsetImport.filter(({ domain }) => domainOf(domain) !== ""), { domain: "", version: TARGET_OPSET }],
});

export const opset: Pass = {
  name: "opset",
  what: "operators of older opsets are written as in opset 17",
  apply: (traced) => {
    const { model, graph } = traced;
    const version = versionOf(model);
    if (version >= TARGET_OPSET) return undefined;
    const table: Expansions = Object.fromEntries(
      Object.entries(older).flatMap(([name, { since, expand }]) => (version < since ? [[name, expand]] : [])),
    );
    const notes = version === 0 ? [] : [`opset ${version} is written as opset ${TARGET_OPSET}`];
    return { model: raised(expand(traced, table, { subgraphs: true }).model, graph), notes };
  },
};

/** Says that a file is too old before a runtime refuses it in words of its own. */
export const opsetFloor: Pass = {
  name: "opset floor",
  what: `files of an opset before ${OLDEST_OPSET} are refused`,
  needs: "nothing",
  apply: ({ model }) => {
    const version = versionOf(model);
    if (version === 0 || version >= OLDEST_OPSET) return undefined;
    throw fail("Unsupported", {
      what: `a model of opset ${version}`,
      why: `operators before opset ${OLDEST_OPSET} have other meanings, and ONNX Runtime does not run them`,
      fix: `export the model again, or convert it to opset ${TARGET_OPSET} (onnx.version_converter)`,
    });
  },
};
