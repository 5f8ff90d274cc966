/** Parameters that metrics share. */
import type { MethodParameter } from "../../cards/parameters.ts";
import { ORDERS } from "./order.ts";

export const UNIT: MethodParameter = {
  what: "what is removed together: pixel, grid:K (cells of K × K), grid:K:S (windows of K × K each S positions, which overlap), slic:COUNT (superpixels), channel, token, feature, given; auto: 14 × 14 cells of a picture, 49 stretches of a series, token, feature",
  default: "auto",
};

export const ORDER: MethodParameter = { what: "which units are removed first", default: "morf", choices: ORDERS };

export const AGGREGATE: MethodParameter = {
  what: "relevance of a unit: the mean of its pixels' (after the sum over channels), or their sum",
  default: "mean",
  choices: ["mean", "sum"],
};

export const REPEATS: MethodParameter = {
  what: "draws of an imputer that draws; scores are averaged over them",
  default: 1,
  min: 1,
  max: 1000,
  integer: true,
};

export const RANDOM_ORDERS: MethodParameter = {
  what: "random orders the random curve is averaged over",
  default: 3,
  min: 1,
  max: 1000,
  integer: true,
};
