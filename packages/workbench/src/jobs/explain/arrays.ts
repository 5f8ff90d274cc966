/** The maps of an explanation as arrays: .npy and .npz. */
import { fail, type Tensor, writeNpy, writeNpz } from "@backlit/core";
import { concatenate } from "../../samples/feeds.ts";
import type { ExplainResult } from "./result.ts";

export const interactionsFile = (path: string, { explanations }: ExplainResult): Uint8Array =>
  writeNpy(
    oneArray(
      path,
      explanations.map(({ interactions }) => interactions!),
    ),
  );

/** All batches in one. Throws BadInput. */
export const oneArray = (path: string, parts: readonly Tensor[]): Tensor => {
  const shape = ({ dims }: Tensor) => dims.slice(1).join("×");
  if (parts.some((part) => shape(part) !== shape(parts[0]!)))
    throw fail("BadInput", {
      what: "inputs of different sizes do not fit one array",
      where: path,
      fix: "explain them one by one",
    });
  return concatenate(parts);
};

export const relevanceFile = (path: string, { explanations }: ExplainResult): Uint8Array => {
  const all = (of: (e: ExplainResult["explanations"][number]) => Tensor): Tensor => oneArray(path, explanations.map(of));
  const [first] = explanations;
  const names = Object.keys(first!.relevances);
  const layers = Object.keys(first!.layers);
  if (/\.npy$/i.test(path)) {
    if (names.length > 1)
      throw fail("Usage", { what: `${names.length} inputs are explained`, where: path, fix: "write them as .npz" });
    if (layers.length > 0)
      throw fail("Usage", { what: "one array holds no layers", where: path, fix: "write them as .npz, or use --json" });
    return writeNpy(all((e) => e.relevance));
  }
  const classes = all((e) => ({
    type: "int64",
    dims: [e.target.length, e.target[0]!.length],
    data: BigInt64Array.from(e.target.flat(), BigInt),
  }));
  return writeNpz(
    new Map([
      ...names.map((name) => [names.length > 1 ? `relevance:${name}` : "relevance", all((e) => e.relevances[name]!)] as const),
      ...layers.map((name) => [`relevance@${name}`, all((e) => e.layers[name]!)] as const),
      ["explained_target", classes] as const,
    ]),
  );
};
