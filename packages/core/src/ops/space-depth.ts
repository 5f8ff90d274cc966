/** DepthToSpace and SpaceToDepth permute values; each is undone by the other, or by reshape and transpose. */
import { getInt, getString } from "../onnx/attributes.ts";
import type { Op } from "./role.ts";

export const DepthToSpace: Op = (node, facts) => ({
  kind: "structural",
  inputs: [0],
  nonnegative: (input) => input(0),
  vjp: ({ g }, [r]) => {
    const size = getInt(node, "blocksize", 1);
    if (getString(node, "mode", "DCR") === "DCR") return g.op("SpaceToDepth", [r!], { blocksize: size });
    // CRD: channel index is c·b² + (row, column) in the block
    const [, c, h, w] = facts.shapeOf(node.input[0]!);
    const split = g.reshape(r!, [null, c! / size ** 2, h!, size, w!, size]);
    return g.reshape(g.transpose(split, [0, 1, 3, 5, 2, 4]), [null, c!, h!, w!]);
  },
});

export const SpaceToDepth: Op = (node) => ({
  kind: "structural",
  inputs: [0],
  nonnegative: (input) => input(0),
  vjp: ({ g }, [r]) => g.op("DepthToSpace", [r!], { blocksize: getInt(node, "blocksize", 1), mode: "DCR" }),
});
