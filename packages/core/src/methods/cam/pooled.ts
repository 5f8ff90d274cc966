/**
 * Class activation maps (Zhou et al. 2016, eq. 2): M(p) = Σₖ wₖᶜ Aₖ(p) with the class's weights w of the dense layer behind a global average
 * pool. They are read off the gradient, ∂f/∂A_kp = wₖ/P at every position p of P. The map's mean is the logit without its bias.
 */
import { fail } from "../../errors.ts";
import { dependents } from "../../graph/between.ts";
import { isChannel } from "../../reading/index.ts";
import type { Inside, Method } from "../method.ts";
import { gradCamMap } from "./grad.ts";
import { LAYER } from "./layer.ts";
import { RESIZE, relu } from "./map.ts";
import { foundIn, gradientMaps, mapped } from "./run.ts";

export const cam: Method = {
  card: {
    name: "cam",
    family: "cam",
    what: "the last map's channels added up with the class's weights of the dense layer behind the global average pool",
    assumes: "only a global average pool and one dense layer follow the map",
    conserves: "the mean over positions is the logit without its bias (relu false, resize none)",
    cost: "G",
    classDiscriminative: true,
    source: "Zhou et al. 2016",
    parameters: { layer: LAYER, relu: relu(false), resize: RESIZE },
  },
  attribute: async (task) => {
    const found = foundIn(task);
    checkPooled(task.inside, found.layer.value);
    const { maps } = await gradientMaps(task, (at) => gradCamMap(at).map((v) => v * at.positions), found);
    return mapped(task, found, maps);
  },
};

/** What follows the layer is linear, has at most one layer with weights, and that layer reads one number a channel. */
const checkPooled = ({ steps, shape, axes }: Inside, layer: string): void => {
  const after = dependents({ nodes: steps.map(({ node }) => node) }, [layer]);
  const follow = steps.filter(({ node }) => node.input.some((name) => after.has(name)));
  const dense = follow.filter(({ role }) => role.kind === "linear");
  const single = (value: string) => {
    const sizes = shape(value) ?? [];
    const own = axes(value) ?? [];
    return own.every(({ role }, axis) => isChannel(role) || sizes.at(axis - own.length) === 1);
  };
  const odd =
    follow.find(({ role }) => !["linear", "sum", "scale", "shift", "structural"].includes(role.kind)) ??
    dense[1] ??
    dense.find(({ node }) => !single(node.input[0]!)) ??
    (follow.some(({ role, node }) => role.kind === "sum" && single(node.output[0]!)) ? undefined : follow[0]);
  if (odd !== undefined)
    throw fail("Unsupported", {
      what: "method 'cam' does not fit this model",
      where: `${odd.op} after '${layer}'`,
      why: "more than a global average pool and one dense layer follow",
      fix: "take grad-cam, which is the same map where cam fits",
    });
};
