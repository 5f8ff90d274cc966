/** What the graphics processor computes, once for each model and recipe against WebAssembly. */
import { filesOf, webHost } from "@backlit/web";
import { openWith } from "@backlit/workbench";
import { optionsOf } from "./asked.ts";
import { engine } from "./engine.ts";
import type { Explained } from "./explained.ts";
import type { EngineChoice, ExplainAsk } from "./messages.ts";
import { inputOf, openedModel } from "./opened.ts";

const checked = new Map<string, number>();

/** The largest difference as a share of the largest |R|; undefined where WebAssembly computes anyway. Errors: those of explaining. */
export const differenceFromWasm = async (
  asked: ExplainAsk,
  { result }: Explained,
  progress: (text: string) => void,
): Promise<number | undefined> => {
  const { device } = JSON.parse(self.name) as EngineChoice;
  if (device === "wasm") return undefined;
  const key = `${asked.model.key} ${result.hash}`;
  const known = checked.get(key);
  if (known !== undefined) return known;
  progress("computing it by WebAssembly too, to compare");
  const { path, files } = await openedModel(asked.model, progress);
  const host = webHost({ files: filesOf(files), runtime: () => engine({ device: "wasm", threads: 1 }) });
  await using lit = await openWith(host, path);
  const { result: other } = await lit.results([inputOf(asked.input)], optionsOf(lit, asked));
  const value = result.explained[0]!;
  const map = (of: typeof result) => of.rows[0]!.maps[0]!.relevances[value]!.data;
  const difference = between(map(other), map(result));
  checked.set(key, difference);
  return difference;
};

const between = (a: Float32Array, b: Float32Array): number => {
  let [most, limit] = [0, 0];
  a.forEach((value, i) => {
    most = Math.max(most, Math.abs(value - b[i]!));
    limit = Math.max(limit, Math.abs(value));
  });
  return limit === 0 ? most : most / limit;
};
