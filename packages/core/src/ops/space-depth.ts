/** DepthToSpace and SpaceToDepth permute values; each is undone by the other, and by a reordering of channels. */
import { getInt, getString } from "../onnx/attributes.ts";
import type { Op } from "./role.ts";

export const DepthToSpace: Op = (node, facts) => ({
  kind: "structural",
  inputs: [0],
  nonnegative: (input) => input(0),
  vjp: ({ g }, [r]) => {
    const size = getInt(node, "blocksize", 1);
    const back = g.op("SpaceToDepth", [r!], { blocksize: size });
    if (getString(node, "mode", "DCR") === "DCR") return back;
    // Position k in the block of channel c is channel k·C + c in DCR, and c·b² + k in CRD.
    const cells = size ** 2;
    const channels = facts.shapeOf(node.input[0]!)[1]! / cells;
    const order = Array.from({ length: cells * channels }, (_, i) => (i % cells) * channels + Math.floor(i / cells));
    return g.op("Gather", [back, g.ints(order)], { axis: 1 });
  },
});

export const SpaceToDepth: Op = (node) => ({
  kind: "structural",
  inputs: [0],
  nonnegative: (input) => input(0),
  vjp: ({ g }, [r]) => g.op("DepthToSpace", [r!], { blocksize: getInt(node, "blocksize", 1), mode: "DCR" }),
});
