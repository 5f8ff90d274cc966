/** Every metric with each of the values it takes is a setting. */
import { checkedSettings, fail, imputers, isBacklitError, type MetricCard, metrics, type SettingChoice } from "@backlit/core";
import { known } from "../../words/known.ts";
import { knownMetric } from "../../words/known-metric.ts";

export interface SettingsRequest {
  /** Names; default srg. */
  readonly metrics?: readonly string[];
  /** What is removed together. */
  readonly units?: readonly string[];
  /** What stands in for removed values. */
  readonly imputers?: readonly string[];
  /** What is read from the model. */
  readonly scores?: readonly string[];
  /** Parameters of metrics, by the metric's name. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const UNITS = ["auto", "pixel", "grid", "slic", "channel", "token", "feature", "given"];

/** `masked`: the data says where objects are; `imputers`: when nobody chooses. Throws Usage. */
export const settingsOf = (
  { metrics: names = ["srg"], units, imputers: chosen, scores, parameters = {} }: SettingsRequest,
  { masked, imputer: usual }: { readonly masked: boolean; readonly imputer: readonly string[] },
): readonly SettingChoice[] => {
  for (const name of names) knownMetric(name);
  for (const unit of units ?? []) known("unit", unit.split(":")[0], UNITS);
  for (const imputer of chosen ?? []) known("imputer", imputer.split(":")[0], ["zero", ...Object.keys(imputers)]);
  for (const metric of Object.keys(parameters))
    if (!names.includes(metric))
      throw fail("Usage", { what: `parameters of ${metric}`, why: "it is not among the metrics", fix: names.join(", ") });
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
      (params): SettingChoice => ({ metric, params: { ...params, ...parameters[metric] } }),
    );
  });
  return distinct(checked(settings));
};

/** A metric that is defined by its imputer (road, pixel-flipping) keeps it, where the input has neighbours. */
const ownImputer = ({ parameters }: MetricCard, usual: readonly string[]): readonly string[] | undefined =>
  usual.length > 1 && parameters.imputer?.default !== "zero" ? undefined : usual;

/** All ways to take one value of each; lists that are not given are left to the metric's default. */
const combinations = (
  lists: readonly (readonly [string, readonly string[] | undefined])[],
): readonly Readonly<Record<string, string>>[] =>
  lists.reduce<readonly Readonly<Record<string, string>>[]>(
    (all, [key, values]) =>
      values === undefined ? all : all.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );

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
