/** Why a model decided as it did about one input, with names for what is in it. */
import type { FloatTensor, Ledger } from "@backlit/core";
import { figureOf } from "../figures/figure.ts";
import type { Host } from "../host/host.ts";
import { contextOf } from "../jobs/explain/page.ts";
import type { ExplainResult } from "../jobs/explain/result.ts";
import { viewOf } from "../kinds/view-of.ts";
import { describeRecipe } from "../report/recipe.ts";
import type { ExplainedMap, ExplainedRow } from "../rows/explained.ts";
import type { RankedClass } from "../rows/top.ts";
import type { View } from "../views/view.ts";
import type { FigureFormat } from "../views/write-figure.ts";

/** One target's part. */
export interface TargetMap {
  /** The class that is explained: its index, and where known its label, probability and logit; a number that is no class has a value. */
  readonly target: RankedClass;
  /** Of the (first) explained value, in the shape the input has without its batch axis. Positive values speak for the target. */
  readonly relevance: FloatTensor;
  /** By explained value. */
  readonly relevances: Readonly<Record<string, FloatTensor>>;
  /** By value inside the graph, those asked for as `layers`. */
  readonly layers: Readonly<Record<string, FloatTensor>>;
  /** Where relevance was lost, of layer-wise relevance propagation. */
  readonly ledger?: Ledger;
  /** What must be said before anybody looks at the map. */
  readonly note?: string;
  /** What the target found in this input: a box, a region's size, a position. */
  readonly found?: ExplainedMap["found"];
  /** Where it stands in a picture: positions of the output's grid. */
  readonly area?: ExplainedMap["area"];
  /** Numbers the method found by the way. */
  readonly details?: Readonly<Record<string, number>>;
}

/** Why: one input, its prediction, and a map for each target. */
export interface Why extends TargetMap {
  /** What the input is called. */
  readonly name: string;
  /** The model's best classes, best first. */
  readonly prediction: readonly RankedClass[];
  /** One for each target; the first is the explanation itself. */
  readonly maps: readonly TargetMap[];
  readonly recipe: ExplainResult["recipe"];
  /** SHA-256 that names the recipe. */
  readonly hash: string;
  readonly notices: readonly string[];
  /** The picture of it, one figure of all targets. */
  view(): DrawnView;
}

/** Drawn in any form the kind of input has. */
export interface DrawnView extends Omit<View, "json"> {
  /** Bytes of a PNG; undefined for kinds that are drawn in no figure. */
  png(): Promise<Uint8Array | undefined>;
  /** Bytes of a page of PDF; undefined as for `png`. */
  pdf(): Promise<Uint8Array | undefined>;
  /** An SVG document; undefined as for `png`. */
  svg(): Promise<string | undefined>;
}

/** One for each row of the result. */
export const whysOf = (result: ExplainResult, notices: readonly string[], host: Host): readonly Why[] =>
  result.rows.map((row): Why => {
    const maps = row.maps.map((map) => mapOf(map, result.explained[0]!));
    return {
      ...maps[0]!,
      name: row.sample.file,
      prediction: row.top,
      maps,
      recipe: result.recipe,
      hash: result.hash,
      notices,
      view: () => drawn(row, result, host),
    };
  });

const mapOf = ({ target, relevances, layers, ledger, note, found, area, details }: ExplainedMap, main: string): TargetMap => ({
  target,
  relevance: relevances[main]!,
  relevances,
  layers,
  ...(ledger && { ledger }),
  ...(note && { note: note.text }),
  ...(found && { found }),
  ...(area && { area }),
  ...(details && { details }),
});

const drawn = (row: ExplainedRow, result: ExplainResult, { pictures }: Host): DrawnView => {
  const context = contextOf(result, { pictures });
  const [map, ...others] = row.maps;
  const view: Omit<View, "json"> = others.length > 0 ? figureOf(row, context) : viewOf(row, map!, context);
  const figure = async () => {
    const { headingOf } = await import("../views/drawings.ts");
    return view.figure?.({ ...headingOf(row, map!), subtitle: describeRecipe(result.recipe) });
  };
  const written = async (format: FigureFormat) => {
    const found = await figure();
    if (found === undefined) return undefined;
    const { writeFigure } = await import("../views/drawings.ts");
    return writeFigure(found, format, { pictures });
  };
  return {
    ...view,
    png: () => written("png"),
    pdf: () => written("pdf"),
    svg: async () => {
      const svg = await written("svg");
      return svg && new TextDecoder().decode(svg);
    },
  };
};
