/** stab(z) = z + ε·sign(z) with sign(0) = +1, without Where or Sign: both are slow, and Sign has no WebGPU kernel. */
import type { Builder } from "../graph/builder.ts";

/** z + clip(z·1e30 + ε, −ε, ε): the sign of z saturates the clip, and z = 0 leaves +ε. */
export const stabilized = (g: Builder, z: string, epsilon: number): string =>
  g.add(z, g.op("Clip", [g.add(g.mul(z, g.floats(1e30)), g.floats(epsilon)), g.floats(-epsilon), g.floats(epsilon)]));

/** z / stab(z) = |z| / (|z| + ε). */
export const damping = (g: Builder, z: string, epsilon: number, nonnegative: boolean): string => {
  const size = nonnegative ? z : g.op("Abs", [z]);
  return g.div(size, g.add(size, g.floats(epsilon)));
};

/** −1, 0 or 1. */
export const signOfValue = (g: Builder, z: string): string => g.op("Clip", [g.mul(z, g.floats(1e30)), g.floats(-1), g.floats(1)]);
