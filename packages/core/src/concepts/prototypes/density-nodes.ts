/** A class's mixture as nodes: the density of channel relevances under each of its components. */
import { cholesky, logDeterminant } from "../../numeric/cholesky.ts";
import { transposed } from "../../numeric/transposed.ts";
import type { Addition } from "../../onnx/addition.ts";
import { attr } from "../../onnx/attributes.ts";
import { restConstant } from "./density.ts";
import type { ClassPrototypes } from "./prototypes.ts";

export const summed = ({ op, ints }: Addition, of: string, axis: number, keep = 1): string =>
  op("ReduceSum", [of, ints("axes", [axis])], [attr.int("keepdims", keep)]);

/** [N, K]: log(w_k N(x; m_k, C_k)). Distances are taken after the mean is, so that float32 is enough. */
export const classDensity = (added: Addition, shares: string, { mixture, subspace }: ClassPrototypes): string => {
  const { op, floats, ints } = added;
  const [count, size] = [mixture.means.length, mixture.means[0]!.length];
  const centred = subspace && op("Sub", [shares, floats("mean", [1, subspace.mean.length], subspace.mean)]);
  const axes = subspace && floats("axes", [subspace.mean.length, size], transposed(subspace.axes));
  const along = centred === undefined ? shares : op("MatMul", [centred, axes!]);
  const apart = op("Sub", [op("Unsqueeze", [along, ints("way", [1])]), floats("means", [count, size], mixture.means.flat())]);
  const factors = mixture.covariances.map((own) => whitening(own, size, mixture.covariance));
  const white =
    mixture.covariance === "diag"
      ? op("Mul", [
          apart,
          floats(
            "scales",
            [count, size],
            factors.flatMap(({ data }) => data),
          ),
        ])
      : op("MatMul", [
          op("Unsqueeze", [apart, ints("row", [2])]), // [N, K, 1, D]
          floats(
            "factors",
            [count, size, size],
            factors.flatMap(({ data }) => data),
          ),
        ]);
  const flat = mixture.covariance === "diag" ? white : op("Squeeze", [white, ints("row", [2])]);
  const distance = summed(added, op("Mul", [flat, flat]), 2, 0);
  const rest = subspace ? restConstant(subspace) : 0;
  const constants = factors.map(
    ({ logDeterminant: own }, k) => Math.log(mixture.weights[k]!) - 0.5 * (size * Math.log(2 * Math.PI) + own) + rest,
  );
  const density = op("Sub", [floats("constants", [1, count], constants), op("Mul", [distance, floats("half", [], [0.5])])]);
  if (subspace === undefined) return density;
  const left = op("Sub", [centred!, op("MatMul", [along, floats("back", [size, subspace.mean.length], subspace.axes.flat())])]);
  const scale = floats("rest", [], [1 / (2 * subspace.rest)]);
  return op("Sub", [density, op("Mul", [summed(added, op("Mul", [left, left]), 1), scale])]);
};

/** W with |x W|² = xᵀ C⁻¹ x, of a diagonal its entries; and log |C|. */
const whitening = (own: readonly number[], size: number, covariance: "full" | "diag") => {
  if (covariance === "diag")
    return { data: own.map((v) => 1 / Math.sqrt(v)), logDeterminant: own.reduce((sum, v) => sum + Math.log(v), 0) };
  const l = cholesky(own, size)!; // the mixture was fitted with it
  const inverse = new Float64Array(size * size); // L⁻¹, by columns forward
  for (let c = 0; c < size; c++)
    for (let i = c; i < size; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = c; k < i; k++) sum -= l[i * size + k]! * inverse[k * size + c]!;
      inverse[i * size + c] = sum / l[i * size + i]!;
    }
  const data = Array.from(inverse, (_, at) => inverse[(at % size) * size + Math.floor(at / size)]!);
  return { data, logDeterminant: logDeterminant(l, size) };
};

/** [N, 1]. Axes are an input from opset 18 on. */
export const logSumExp = ({ op, ints }: Addition, densities: string, version: number): string =>
  version >= 18
    ? op("ReduceLogSumExp", [densities, ints("ways", [1])], [attr.int("keepdims", 1)])
    : op("ReduceLogSumExp", [densities], [attr.ints("axes", [1]), attr.int("keepdims", 1)]);
