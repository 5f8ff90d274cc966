/** The files of a pair: its numbers, a figure for each row, a page of all. */
import { fail, htmlPage, writeNpy } from "@backlit/core";
import { describeRecipe } from "../../../report/recipe.ts";
import { formatOf, writeFigure } from "../../../views/write-figure.ts";
import type { OutputFile } from "../../output.ts";
import { type Drawing, type ExplainFiles, heatmapPaths } from "../files.ts";
import type { PairResult, PairRow } from "./run.ts";

/** Lines between the inputs; marginals below them. Errors: Unsupported for texts no font has, BadInput for pairs that do not fit one array. */
export const pairFiles = async (
  result: PairResult,
  { relevance, heatmap, report }: Pick<ExplainFiles, "relevance" | "heatmap" | "report">,
  drawing: Drawing = {},
): Promise<readonly OutputFile[]> => {
  const files: OutputFile[] = [];
  if (relevance !== undefined) files.push({ path: relevance, chunks: [pairsNpy(relevance, result)] });
  const page = async (path: string) => files.push({ path, chunks: [await pairPage(result)] });
  if (report !== undefined) await page(report);
  if (heatmap === undefined) return files;
  const format = formatOf(heatmap);
  if (format === undefined) {
    await page(heatmap);
    return files;
  }
  const paths = heatmapPaths(heatmap, result.rows.length, 1);
  for (const [n, row] of result.rows.entries())
    files.push({ path: paths[n]!, chunks: [await writeFigure(await figureOf(row, result), format, drawing)] });
  return files;
};

const figureOf = async ({ similarity, strongest, marginals, parts, index }: PairRow, { recipe }: PairResult) => {
  const { pairFigure } = await import("../../../views/drawings.ts");
  const side = (k: 0 | 1) => {
    const { file, ...part } = parts[k];
    return { ...part, title: k === 0 && index !== undefined ? `${file}, row ${index}` : file, marginal: marginals[k] };
  };
  return pairFigure([side(0), side(1)], {
    title: `cosine ${similarity.toFixed(4)}`,
    subtitle: describeRecipe(recipe),
    lines: strongest,
  });
};

const pairPage = async (result: PairResult): Promise<Uint8Array> => {
  const { figureSvg } = await import("../../../views/drawings.ts");
  const { model, recipe, hash } = result;
  const sections = await Promise.all(
    result.rows.map(async (row) => ({
      title: `${row.file}${row.index === undefined ? "" : `, row ${row.index}`} and ${row.parts[1].file}`,
      classes: [],
      body: figureSvg(await figureOf(row, result)),
      legend: "",
    })),
  );
  const page = htmlPage({
    title: `What makes inputs similar to ${model.name}`,
    subtitle: describeRecipe(recipe),
    sections,
    notes: [`model ${model.name}`, `recipe ${hash}`],
  });
  return new TextEncoder().encode(page);
};

/** [N, cells, cells of the other]. */
const pairsNpy = (where: string, { rows }: PairResult): Uint8Array => {
  const { dims } = rows[0]!.pairs;
  if (rows.some(({ pairs }) => pairs.dims.join() !== dims.join()))
    throw fail("BadInput", { what: "inputs of different sizes do not fit one array", where, fix: "explain them one by one" });
  const data = new Float32Array(rows.length * rows[0]!.pairs.data.length);
  for (const [n, { pairs }] of rows.entries()) data.set(pairs.data, n * pairs.data.length);
  return writeNpy({ type: "float32", dims: [rows.length, ...dims], data });
};
