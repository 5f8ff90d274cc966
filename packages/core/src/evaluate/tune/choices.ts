/** What may be chosen: rules for every group of layers, and the seed. */
import { CONVOLUTION, type Match, type RuleEntry } from "../../composites/index.ts";
import type { Surroundings } from "../../plan/index.ts";
import type { RuleSpec } from "../../rules/index.ts";
import type { LayerGroup } from "./groups.ts";

export interface Choice {
  /** "gamma 0.1", "seed log-odds". */
  readonly name: string;
  readonly rules?: readonly RuleEntry[];
  readonly seed?: "one" | "log-odds";
}

/** One coordinate of the search. */
export interface Dimension {
  readonly name: string;
  readonly choices: readonly Choice[];
}

const gammas = (...values: readonly number[]): RuleSpec[] => values.map((gamma) => ({ name: "gamma", gamma }));
const epsilon: RuleSpec = { name: "epsilon", epsilon: 1e-6 };
const zplus: RuleSpec = { name: "zplus" };
const alphaBeta: RuleSpec = { name: "alpha-beta", alpha: 2, beta: 1 };

/** The dimension of seeds. */
export const SEED = "seed";

/** `box`: bounds of the input, where they are known. */
export const dimensionsOf = (groups: readonly LayerGroup[], box: Surroundings["box"]): readonly Dimension[] => [
  { name: SEED, choices: (["one", "log-odds"] as const).map((seed) => ({ name: `seed ${seed}`, seed })) },
  ...groups.map((group) => ({ name: group.name, choices: choicesOf(group, box) })),
];

const choicesOf = ({ kind, layers }: LayerGroup, box: Surroundings["box"]): readonly Choice[] => {
  const of = (match: Match, rules: readonly RuleSpec[]) => rules.map((rule) => ({ name: named(rule), rules: [{ match, rule }] }));
  const pair = (name: string, bilinear: RuleSpec, softmax: RuleSpec): Choice => ({
    name,
    rules: [
      { match: { kind: "bilinear" }, rule: bilinear },
      { match: { kind: "softmax" }, rule: softmax },
    ],
  });
  switch (kind) {
    case "first":
      return of({ first: true }, [
        { name: "flat" },
        ...(box === undefined ? [] : [{ name: "zbox", low: box.low, high: box.high }]),
        { name: "wsquare" },
        zplus,
        ...gammas(0.25),
        epsilon,
      ]);
    case "convolutions":
      return of({ op: CONVOLUTION, range: [layers[0]!, layers.at(-1)!] }, [
        zplus,
        ...gammas(0.05, 0.1, 0.25, 1),
        alphaBeta,
        epsilon,
      ]);
    case "dense":
      return of({ kind: "linear", ...spanOf(layers) }, [
        epsilon,
        { name: "epsilon", epsilon: 0.01 },
        ...gammas(0.05, 0.25),
        zplus,
      ]);
    case "attention":
      return [
        pair("AttnLRP", { name: "bilinear", epsilon: 1e-8 }, { name: "taylor" }),
        pair("attention weights held fixed", { name: "signal-takes-all", epsilon: 1e-8 }, { name: "detach" }),
      ];
    case "normalisation":
      return of({ kind: "normalization" }, [{ name: "norm" }, { name: "pass" }, epsilon]);
    case "products":
      return of({ kind: "product" }, [{ name: "uniform" }, { name: "signal-takes-all" }]);
  }
};

/** Positions in a row as a range, others as a list. */
const spanOf = (layers: readonly number[]): Pick<Match, "range" | "index"> => {
  const [from, to] = [layers[0]!, layers.at(-1)!];
  return to - from === layers.length - 1 ? { range: [from, to] } : { index: layers };
};

const named = ({ name, ...parameters }: RuleSpec): string =>
  [name, ...Object.values(parameters).flatMap((value) => (typeof value === "number" ? [String(value)] : []))].join(" ");
