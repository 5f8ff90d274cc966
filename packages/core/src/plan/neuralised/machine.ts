/** What there is to decompose: a sum over kernels of distances, or distances from centres, the nearest such thing before the explained value. */
import { fail } from "../../errors.ts";
import { getFloat, getInt } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import { ASKING } from "../reaches.ts";
import { type Net, type Spheres, spheresAt } from "./spheres.ts";

export interface Machine {
  readonly kind: "kernels" | "centres";
  /** Its own result: the score's derivative is taken there. */
  readonly value: string;
  readonly spheres: Spheres;
  /** Of kernels exp(q |x − m_k|² + r_k): the weight of each, by result. */
  readonly weights?: readonly (readonly number[])[];
  /** Its result is the logarithm of the sum. */
  readonly logarithm?: true;
}

/** Errors: Unsupported. */
export const machineIn = (net: Net, start: string): Machine => {
  const seen = new Set<string>();
  const waiting = [start];
  for (let value = waiting.shift(); value !== undefined; value = waiting.shift()) {
    const found = kernelsAt(value, net) ?? centresAt(value, net);
    if (found !== undefined) return found;
    for (const input of net.producer(value)?.input ?? []) {
      if (input === "" || seen.has(input) || net.constant(input) !== undefined) continue;
      seen.add(input);
      waiting.push(input);
    }
  }
  throw fail("Unsupported", {
    what: "neuralised explanations of this model",
    why: "no distances from centres (k-means), and no sum of exp(−γ |x − s|²), lie before its score",
    fix: `take another method (backlit methods lists them), or ${ASKING}`,
  });
};

const centresAt = (value: string, net: Net): Machine | undefined => {
  const spheres = spheresAt(value, net);
  const even = spheres?.rest.every((r) => r === spheres.rest[0]);
  return spheres !== undefined && even && spheres.points.length > 1 ? { kind: "centres", value, spheres } : undefined;
};

const kernelsAt = (value: string, net: Net): Machine | undefined => {
  const node = net.producer(value);
  if (node === undefined) return undefined;
  const kernels = (of: string): Spheres | undefined => {
    const bent = net.producer(of);
    const spheres = bent?.opType === "Exp" ? spheresAt(bent.input[0]!, net) : undefined;
    return spheres !== undefined && spheres.q < 0 ? spheres : undefined;
  };
  const made = (spheres: Spheres | undefined, weightsOf: (count: number) => number[][] | undefined): Machine | undefined => {
    const weights = spheres && weightsOf(spheres.points.length);
    return weights && { kind: "kernels", value, spheres: spheres!, weights };
  };
  const ones = (count: number) => [new Array<number>(count).fill(1)];
  switch (node.opType) {
    case "Gemm":
    case "MatMul":
      return made(kernels(node.input[0]!), (count) => weightsIn(node, net, count));
    case "ReduceSum":
    case "ReduceMean":
      return made(kernels(node.input[0]!), ones);
    case "ReduceLogSumExp": {
      const spheres = spheresAt(node.input[0]!, net);
      const found = spheres !== undefined && spheres.q < 0 ? made(spheres, ones) : undefined;
      return found && { ...found, logarithm: true };
    }
    default:
      return undefined;
  }
};

/** [results][kernels] */
const weightsIn = (node: NodeProto, net: Net, count: number): number[][] | undefined => {
  const numbers = net.constant(node.input[1]!);
  if (numbers === undefined || numbers.length % count !== 0) return undefined;
  const results = numbers.length / count;
  const gemm = node.opType === "Gemm";
  const rows = gemm && getInt(node, "transB", 0) !== 0;
  const alpha = gemm ? getFloat(node, "alpha", 1) : 1;
  return Array.from({ length: results }, (_, c) =>
    Array.from({ length: count }, (_, k) => alpha * numbers[rows ? c * count + k : k * results + c]!),
  );
};
