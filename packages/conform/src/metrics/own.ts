/** Parameters that one metric alone has, and arrays of its choices. */
import { isRecord, type Json } from "./case.ts";
import { imputerSetting } from "./imputers.ts";
import { fileIn, numberOf, onlyOf, type Reading, type Setting, unsupported } from "./setting.ts";

type Own = (golden: Json, reading: Reading) => Promise<Partial<Setting>>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const subsets: Own = async ({ subsets: file }, { files }) =>
  file === undefined ? {} : { given: { subsets: await files.array(fileIn(file)) } };

/** Correlations by the words of the format; "spearman (average ranks)". */
const correlated = (by: string, own: Own = async () => ({})): Own => {
  return async (golden, reading) => {
    const asked = text(golden.correlation).split(" ")[0]!;
    if (golden.correlation !== undefined && asked !== by) throw unsupported(`correlation '${golden.correlation}'`);
    return own(golden, reading);
  };
};

/** The words before a remark decide. */
const worded = (what: string, value: unknown, words: Readonly<Record<string, string>>): string | undefined => {
  if (value === undefined) return undefined;
  const found = Object.keys(words).find((word) => text(value).startsWith(word));
  if (found === undefined) throw unsupported(`${what} ${JSON.stringify(value)}`);
  return words[found];
};

/** Beyond, naopc searches. */
const MOST_EXACT = 12;

const own: Readonly<Record<string, Own>> = {
  "faithfulness-correlation": correlated("pearson", subsets),
  mufidelity: correlated("spearman", subsets),
  "faithfulness-estimate": correlated("pearson"),
  "monotonicity-nguyen": correlated("spearman"),
  "sensitivity-n": correlated("pearson", async ({ n, subsets: pattern }, { files }) => {
    const sizes = Array.isArray(n) ? n : [n];
    const all = sizes.map(
      async (size) => [`subsets-${size}`, await files.array(fileIn(pattern).replaceAll("<n>", size))] as const,
    );
    return {
      params: { n: sizes.join(",") },
      given: pattern === undefined ? {} : Object.fromEntries(await Promise.all(all)),
    };
  }),
  infidelity: async ({ perturbations, perturbed, squares, size }, { files }) => {
    onlyOf("perturbed", perturbed, ["x - I"]);
    if (perturbations !== undefined)
      return { params: { perturbation: "gaussian" }, given: { perturbations: await files.array(fileIn(perturbations)) } };
    return {
      params: { perturbation: "square", ...(size !== undefined && { size: numberOf("size", size) }) },
      given: squares === undefined ? {} : { squares: await files.array(fileIn(squares)) },
    };
  },
  "max-sensitivity": async ({ perturbations, perturbed, norm }, { files }) => {
    worded("norm", norm, { Euclidean: "l2" });
    onlyOf("perturbed", perturbed, ["x + delta, not clipped"]);
    return { given: perturbations === undefined ? {} : { perturbations: await files.array(fileIn(perturbations)) } };
  },
  "monotonicity-arya": async ({ tolerance_of_step: tolerance }) =>
    tolerance === undefined ? {} : { params: { tolerance: numberOf("tolerance_of_step", tolerance) } },
  "neighbour-sufficiency": async ({ map, distance, threshold }) => {
    const [kind, metric] = [
      worded("map", map, { "|R|": "absolute", "R ": "signed" }),
      worded("distance", distance, { euclidean: "euclidean", "standardised euclidean": "seuclidean" }),
    ];
    return {
      params: {
        ...(kind && { map: kind }),
        ...(metric && { distance: metric }),
        ...(threshold !== undefined && { threshold: numberOf("threshold", threshold) }),
      },
    };
  },
  road: async ({ fractions, count_rule: rule, orders, imputer }) => {
    onlyOf("count_rule", rule, ["floor(p*N)"]);
    for (const order of Array.isArray(orders) ? orders : []) onlyOf("orders with", order, ["morf", "lerf"]);
    return {
      params: {
        ...(Array.isArray(fractions) && { fractions: fractions.join(",") }),
        ...(imputer === undefined && { imputer: "road:0" }),
      },
    };
  },
  selectivity: async ({ recompute }) => (recompute === undefined ? {} : { params: { recompute: String(recompute) } }),
  naopc: async ({ unit, bounds }) => {
    const count = isRecord(unit) ? Number(unit.count) : 0;
    if (worded("bounds", bounds, { "over all permutations": "exact" }) && count > MOST_EXACT)
      throw unsupported(`exact bounds of ${count} units`);
    return {};
  },
  "average-drop": async ({ score }) => {
    onlyOf("score", score, ["probability"]);
    return {};
  },
  completeness: async ({ baseline, delta }, reading) => {
    onlyOf("delta", delta, [1e-6]);
    if (baseline === undefined) return {};
    const { params, given } = await imputerSetting(baseline, reading);
    return { params: { baseline: params.imputer! }, given };
  },
  localisation: async ({ k, tolerance_px: tolerance }) => ({
    params: {
      ...(k !== undefined && { k: numberOf("k", k) }),
      ...(tolerance !== undefined && { tolerance: numberOf("tolerance_px", tolerance) }),
    },
  }),
};

/** Errors: Unsupported, NotFound, BadInput. */
export const ownSetting = async (metric: string, golden: Json, reading: Reading): Promise<Setting> => ({
  params: {},
  given: {},
  ...(await own[metric]?.(golden, reading)),
});

/** The file of random orders, [draws, B, units]. */
export const ordersFile = ({ order_file: file, random_orders: random }: Json): string | undefined => {
  if (file !== undefined) return fileIn(file);
  return isRecord(random) ? fileIn(random.file) : undefined;
};
