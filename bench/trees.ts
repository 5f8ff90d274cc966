/** Tree SHAP of a boosted ensemble: rows a second, and what it takes to begin. Beside shap's C code: peers/trees.py. */
import { encodeModelBytes, type FloatTensor, load, type Runtime } from "@backlit/core";
import { forest } from "./models/forest.ts";
import { Random } from "./models/random.ts";
import type { Row } from "./report.ts";

const SIZE = { trees: 500, depth: 5, columns: 30 };
const BACKGROUND = 50;

export const treeCosts = async (runtime: Runtime, rows: number, onRow: (row: Row) => void): Promise<void> => {
  const random = new Random(2);
  const table = (count: number): FloatTensor => ({
    type: "float32",
    dims: [count, SIZE.columns],
    data: random.uniform(count * SIZE.columns, 1),
  });
  const options = { method: "tree-shap", references: table(BACKGROUND) };
  const say = (what: string, unit: Row["unit"], value: number) => onRow({ network: "500 trees of 32 leaves", what, unit, value });
  const began = performance.now();
  await using lit = await load(encodeModelBytes(forest(SIZE)), { runtime });
  await lit.explain(table(1), options);
  say(`${BACKGROUND} background rows, loaded and compiled, one row explained`, "ms", performance.now() - began);
  const x = table(rows);
  const started = performance.now();
  await lit.explain(x, options);
  say(`${rows} rows explained`, "rows/s", (1000 * rows) / (performance.now() - started));
};
