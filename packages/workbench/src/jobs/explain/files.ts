/** The files of an explanation: relevance, heatmaps, ledger. */
import { encodePng, type FloatTensor, fail, type Tensor, writeNpy, writeNpz } from "@backlit/core";
import { describeRecipe } from "../../report/recipe.ts";
import type { ExplainedMap, ExplainedRow } from "../../rows/explained.ts";
import { titleOf } from "../../rows/top.ts";
import { concatenate } from "../../samples/feeds.ts";
import { figureOf } from "../../views/figure.ts";
import { drawFilm } from "../../views/film.ts";
import { drawHeatmap } from "../../views/heatmap.ts";
import { viewOf } from "../../views/index.ts";
import type { View } from "../../views/view.ts";
import type { OutputFile } from "../output.ts";
import { contextOf, explainPage } from "./page.ts";
import type { ExplainResult } from "./result.ts";

/** Names of the files that are wanted. */
export interface ExplainFiles {
  readonly relevance?: string;
  readonly heatmap?: string;
  readonly report?: string;
  readonly ledger?: string | true;
  readonly spread?: string;
  readonly frames?: string;
  readonly interactions?: string;
  /** Features of a table shown at most. */
  readonly features?: number;
}

/** Errors: Usage for a format that a kind of input is not drawn in, BadInput for maps that do not fit one array. */
export const explainFiles = (explained: ExplainResult, files: ExplainFiles): readonly OutputFile[] => {
  const { relevance, heatmap, report, ledger, spread, frames, interactions, features } = files;
  return [
    ...(relevance === undefined ? [] : [{ path: relevance, chunks: [relevanceFile(relevance, explained)] }]),
    ...(heatmap === undefined ? [] : heatmaps(heatmap, explained, features)),
    ...(spread === undefined ? [] : spreadFiles(spread, explained)),
    ...(frames === undefined
      ? []
      : numbered(frames, explained, (_, map) => drawFilm(map.frames!, arrangementIn(explained), explained.preprocessor))),
    ...(interactions === undefined ? [] : [{ path: interactions, chunks: [interactionsFile(interactions, explained)] }]),
    ...(report === undefined ? [] : [{ path: report, chunks: [explainPage(explained, features)] }]),
    ...(typeof ledger === "string" ? [{ path: ledger, chunks: [ledgerFile(explained)] }] : []),
  ];
};

/** One HTML page for all; else OUT.png for one map, or a number for the input, one for the class, or both, as far as there are several. */
const heatmapPaths = (path: string, rows: number, perRow: number): readonly string[] => {
  if (isPage(path)) return [path];
  const dot = path.lastIndexOf(".");
  const numbers = (n: number, k: number) => [...(rows > 1 ? [n] : []), ...(perRow > 1 ? [k] : [])].map((i) => `-${i + 1}`);
  return Array.from({ length: rows * perRow }, (_, i) => {
    const [n, k] = [Math.floor(i / perRow), i % perRow];
    return [path.slice(0, dot), ...numbers(n, k), path.slice(dot)].join("");
  });
};

/** Those of `--heatmap`: named classes stand beside each other in one. */
export const heatmapsOf = (path: string, { rows, beside }: Pick<ExplainResult, "rows" | "beside">): readonly string[] =>
  heatmapPaths(path, rows.length, beside ? 1 : rows[0]!.maps.length);

/** Of `--spread` and `--frames`. */
export const picturePaths = (path: string, rows: number, perRow: number): readonly string[] =>
  /\.npy$/i.test(path) ? [path] : heatmapPaths(path, rows, perRow);

const isPage = (path: string): boolean => /\.html?$/i.test(path);

const heatmaps = (path: string, explained: ExplainResult, top: number | undefined): readonly OutputFile[] => {
  if (isPage(path)) return [{ path, chunks: [explainPage(explained, top)] }];
  const { recipe } = explained;
  // What such a method makes is an input.
  if (explained.made && /\.png$/i.test(path))
    return numbered(path, explained, (_, { target, relevances }) => {
      const [values] = Object.values(relevances);
      return drawFilm(
        [{ title: titleOf(target), what: "input", values: values! }],
        arrangementIn(explained),
        explained.preprocessor,
      );
    });
  const how = describeRecipe(recipe);
  const context = contextOf(explained, top);
  if (explained.beside) {
    const paths = heatmapsOf(path, explained);
    return explained.rows.map((row, i) => ({
      path: paths[i]!,
      chunks: [drawn(path, figureOf(row, context), "", how)],
    }));
  }
  return numbered(path, explained, (row, map) => drawn(path, viewOf(row, map, context), titleOf(map.target), how));
};

/** As the file's name wants it. Throws Usage. */
const drawn = (path: string, view: Pick<View, "what" | "svg" | "raster">, title: string, how: string): Uint8Array => {
  const kind = /\.svg$/i.test(path) ? "svg" : "png";
  if (kind === "svg" && view.svg) return new TextEncoder().encode(view.svg(title));
  if (kind === "png" && view.raster) return encodePng(view.raster(how));
  const formats = [...(view.svg ? [".svg"] : []), ...(view.raster ? [".png"] : []), ".html"];
  throw fail("Usage", {
    what: `${view.what} is not drawn as ${kind.toUpperCase()}`,
    where: path,
    fix: `name a file that ends in ${formats.join(" or ")}`,
  });
};

/** One picture for each map. */
const numbered = (
  path: string,
  { rows }: Pick<ExplainResult, "rows">,
  draw: (row: ExplainedRow, map: ExplainedMap) => Uint8Array,
): readonly OutputFile[] => {
  const maps = rows.flatMap((row) => row.maps.map((map) => ({ row, map })));
  const paths = heatmapPaths(path, rows.length, maps.length / rows.length);
  return maps.map(({ row, map }, i) => ({ path: paths[i]!, chunks: [draw(row, map)] }));
};

const arrangementIn = ({ drawing, explained }: ExplainResult) => drawing[explained[0]!];

const spreadFiles = (path: string, explained: ExplainResult): readonly OutputFile[] => {
  const { explanations, preprocessor } = explained;
  if (/\.npy$/i.test(path)) {
    const spreads = explanations.map(({ spread }) => spread!);
    return [{ path, chunks: [writeNpy(oneArray(path, spreads))] }];
  }
  const value = explained.explained[0]!;
  const how = `spread of ${describeRecipe(explained.recipe)}`;
  return numbered(path, explained, (row, map) =>
    encodePng(
      drawHeatmap(row, { target: map.target, relevances: { [value]: map.spread as FloatTensor }, layers: {} }, value, {
        subtitle: how,
        preprocessor,
        arrangement: arrangementIn(explained),
      }),
    ),
  );
};

const interactionsFile = (path: string, { explanations }: ExplainResult): Uint8Array =>
  writeNpy(
    oneArray(
      path,
      explanations.map(({ interactions }) => interactions!),
    ),
  );

/** All batches in one. Throws BadInput. */
const oneArray = (path: string, parts: readonly Tensor[]): Tensor => {
  const shape = ({ dims }: Tensor) => dims.slice(1).join("×");
  if (parts.some((part) => shape(part) !== shape(parts[0]!)))
    throw fail("BadInput", {
      what: "inputs of different sizes do not fit one array",
      where: path,
      fix: "explain them one by one",
    });
  return concatenate(parts);
};

const relevanceFile = (path: string, { explanations }: ExplainResult): Uint8Array => {
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

const ledgerFile = ({ rows }: ExplainResult): Uint8Array => {
  const inputs = rows.map(({ sample, index, maps }) => ({
    file: sample.file,
    ...(index !== undefined && { row: index }),
    ledgers: maps.map(({ target, ledger }) => ({ target: target.index, ...ledger })),
  }));
  return new TextEncoder().encode(`${JSON.stringify({ inputs }, null, 2)}\n`);
};
