/** What the names of written files end in. */
import { fail } from "@backlit/core";

/** Files by their option: what their names must end in, in words too. */
const ENDINGS = [
  ["relevance", /\.np[yz]$/i, ".npy or .npz"],
  ["heatmap", /\.(png|svg|pdf|html?)$/i, ".png, .svg, .pdf or .html"],
  ["report", /\.html?$/i, ".html"],
  ["spread", /\.(npy|png)$/i, ".npy or .png"],
  ["frames", /\.png$/i, ".png"],
  ["interactions", /\.npy$/i, ".npy"],
  ["charts", /\.svg$/i, ".svg"],
  ["scores", /\.(csv|parquet)$/i, ".csv or .parquet"],
  ["values", /\.(csv|parquet)$/i, ".csv or .parquet"],
  // `--ledger photo.jpg` is an INPUT that the option swallowed.
  ["ledger", /\.json$/i, ".json, or put --ledger last to print it"],
] as const;

/** Throws Usage. */
export const checkEndings = (given: { readonly [option in (typeof ENDINGS)[number][0]]?: unknown }): void => {
  for (const [option, ending, words] of ENDINGS) {
    const path = given[option];
    if (typeof path === "string" && !ending.test(path))
      throw fail("Usage", { what: `--${option} ${path}`, fix: `name a file that ends in ${words}` });
  }
};
