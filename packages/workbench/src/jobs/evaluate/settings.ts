/** `--metrics`, `--unit`, `--imputer`, `--score`, `--set`: every metric with each of the values it takes is a setting. */
import { checkedSettings, fail, imputers, isBacklitError, type MetricCard, metrics, type SettingChoice } from "@backlit/core";
import { literal, pairs } from "backlit";
import { known } from "../../report/known.ts";

export interface SettingOptions {
  readonly metrics?: string;
  readonly unit?: string;
  readonly imputer?: string;
  readonly score?: string;
  readonly set?: readonly string[];
}

const UNITS = ["auto", "pixel", "grid", "slic", "channel", "token", "feature"];

/** `masked`: the data says where objects are; `imputers`: when nobody chooses. Throws Usage. */
export const readSettings = (
  options: SettingOptions,
  { masked, imputer: usual }: { readonly masked: boolean; readonly imputer: readonly string[] },
): readonly SettingChoice[] => {
  const names = listOf("metrics", options.metrics ?? "srg");
  for (const name of names) known("metric", name, Object.keys(metrics));
  const units = optional("unit", options.unit);
  for (const unit of units ?? []) known("unit", unit.split(":")[0], UNITS);
  const chosen = optional("imputer", options.imputer);
  for (const imputer of chosen ?? []) known("imputer", imputer.split(":")[0], ["zero", ...Object.keys(imputers)]);
  const scores = optional("score", options.score);
  const own = ownParameters(options.set, names);
  const settings = names.flatMap((metric) => {
    const { card } = metrics[metric]!;
    if (card.needs?.includes("masks") && !masked)
      throw fail("Usage", {
        what: `metric ${metric} needs to know where the object is`,
        why: "the data has neither masks nor boxes",
        fix: "give masks in the .npz, or boxes in a labels file",
      });
    const all: Readonly<Record<string, readonly string[] | undefined>> = {
      unit: units,
      imputer: chosen ?? ownImputer(card, usual),
      score: scores,
    };
    return combinations(Object.entries(all).filter(([key]) => Object.hasOwn(card.parameters, key))).map(
      (params): SettingChoice => ({ metric, params: { ...params, ...own.get(metric) } }),
    );
  });
  return distinct(checked(settings));
};

/** A metric that is defined by its imputer (road, pixel-flipping) keeps it, where the input has neighbours. */
const ownImputer = ({ parameters }: MetricCard, usual: readonly string[]): readonly string[] | undefined =>
  usual.length > 1 && parameters.imputer?.default !== "zero" ? undefined : usual;

const listOf = (option: string, text: string): readonly string[] => {
  // The manual's a|b is a choice; whoever copies it means all of them.
  const parts = [...new Set(text.split(/[,|]/).map((part) => part.trim()))].filter((part) => part !== "");
  if (parts.length === 0) throw fail("Usage", { what: `--${option} names nothing`, fix: "give names with commas between" });
  return parts;
};
const optional = (option: string, text: string | undefined) => (text === undefined ? undefined : listOf(option, text));

/** All ways to take one value of each; lists that are not given are left to the metric's default. */
const combinations = (
  lists: readonly (readonly [string, readonly string[] | undefined])[],
): readonly Readonly<Record<string, string>>[] =>
  lists.reduce<readonly Readonly<Record<string, string>>[]>(
    (all, [key, values]) =>
      values === undefined ? all : all.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );

/** METRIC.key=value */
const ownParameters = (given: readonly string[] | undefined, names: readonly string[]) => {
  const found = new Map<string, Record<string, unknown>>();
  for (const [key, value] of pairs("set", given)) {
    const [metric = "", name] = key.split(".", 2);
    if (name === undefined || !names.includes(metric))
      throw fail("Usage", { what: `--set ${key}=${value}`, fix: `write METRIC.key=value, METRIC one of ${names.join(", ")}` });
    found.set(metric, { ...found.get(metric), [name]: listLike(value) ? value : literal(value) });
  }
  return found;
};

/** Counts such as 0,1,5 are one parameter's text. */
const listLike = (value: string): boolean => /^[\d.]+(,[\d.]+)+$/.test(value);

/** What a metric refuses is the command line's fault. */
const checked = (settings: readonly SettingChoice[]): readonly SettingChoice[] => {
  try {
    checkedSettings(settings);
    return settings;
  } catch (error) {
    throw isBacklitError(error, "BadRecipe") ? fail("Usage", error.parts, error) : error;
  }
};

const distinct = (settings: readonly SettingChoice[]): readonly SettingChoice[] => {
  const seen = new Set<string>();
  return settings.filter((setting) => {
    const key = JSON.stringify(checkedSettings([setting])[0]);
    return !seen.has(key) && seen.add(key);
  });
};
