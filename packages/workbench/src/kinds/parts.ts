/** Inputs of different kinds in one map, as a picture and a table: each drawn as what it is, under its name and its part of Σ|R|. */
import { percent } from "@backlit/core";
import { type ExplainedMap, mapValues } from "../rows/explained.ts";
import type { View } from "../views/view.ts";

/** Explained values that are drawn together: rows of features, and everything else by itself. */
export const partsOf = (explained: readonly string[], { relevances }: ExplainedMap): readonly (readonly string[])[] => {
  const vectors = explained.filter((name) => relevances[name]!.dims.length < 2);
  const others = explained.filter((name) => !vectors.includes(name)).map((name) => [name]);
  return vectors.length > 0 ? [...others, vectors] : others;
};

/** `draw`: the view of some of the explained values. */
export const partsView = (
  parts: readonly (readonly string[])[],
  { relevances }: ExplainedMap,
  draw: (part: readonly string[]) => View,
): View => {
  const sizes = mapValues(relevances, ({ data }) => data.reduce((sum, value) => sum + Math.abs(value), 0));
  const sizeOf = (names: readonly string[]) => names.reduce((sum, name) => sum + sizes[name]!, 0);
  const all = sizeOf(parts.flat()) || 1;
  const drawn = parts.map((names) => ({
    title: `${names.join(", ")}: ${percent((100 * sizeOf(names)) / all)} of Σ|R|`,
    view: draw(names),
  }));
  const [first] = drawn;
  const { what, data } = first!.view;
  return {
    what,
    parts: drawn,
    terminal: (io) => drawn.flatMap(({ title, view }) => [io.colours.bold(title), ...view.terminal(io)]),
    html: async (options) => (await import("../views/drawings.ts")).partsHtml(drawn, options),
    ...(drawn.every(({ view }) => view.figure) && {
      figure: async (options) => (await import("../views/drawings.ts")).partsFigure(drawn, options),
    }),
    ...(data && { data }),
    json: () => Object.assign({}, ...drawn.map(({ view }) => view.json?.())),
  };
};
