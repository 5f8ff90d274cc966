/** From an entry's parameters to those of one of our metrics. */
import { imputers, type Metric, type Order } from "@backlit/core";
import { isRecord, type Json } from "./case.ts";
import { imputerSetting } from "./imputers.ts";
import { ordersFile, ownSetting } from "./own.ts";
import { numberOf, onlyOf, type Reading, type Setting, unsupported } from "./setting.ts";
import { unitSetting } from "./units.ts";

/** What the name of a number asks for, beside the parameters. */
export interface Asked {
  readonly score: string;
  /** In place of the entry's own order. */
  readonly order?: string;
  readonly params?: Setting["params"];
}

/** Orders by the words of the format. */
const ORDERS: Readonly<Record<string, Order | "random">> = {
  morf: "morf",
  lerf: "lerf",
  "lerf-reversed-morf": "lerf-reversed-morf",
  "near-zero-first": "near-zero-first",
  "abs-ascending": "near-zero-first",
  "increasing |score|": "near-zero-first",
  "increasing signed score": "lerf",
  explicit: "random",
  random: "random",
};

/** What a metric does whose card leaves no choice. */
const FIXED: Readonly<Record<string, readonly string[]>> = { order: ["morf"], aggregate: ["sum"], repeats: ["1"] };

/** Errors: Unsupported, NotFound, BadInput. */
export const settingFor = async (
  { card }: Metric,
  golden: Json,
  { score, order, params: named }: Asked,
  reading: Reading,
): Promise<Setting> => {
  onlyOf("tie_break", golden.tie_break, ["lowest-unit-id-first", "stable descending, lowest pixel index first"]);
  onlyOf("channels", golden.channels, ["sum"]);
  onlyOf("x_axis", golden.x_axis, ["fraction-of-pixels"]);
  if (golden.checkpoints !== undefined && card.parameters.steps === undefined)
    throw unsupported(`checkpoints of metric '${card.name}'`);
  const parts: readonly Setting[] = [
    await unitSetting(golden.unit ?? "pixel", reading),
    await imputerSetting(golden.imputer ?? { kind: "constant", value: 0 }, reading),
    await ordersSetting(order ?? golden.order, golden, reading),
    { params: { score, ...steps(golden.checkpoints), ...aggregate(golden.aggregate), ...named }, given: {} },
    await ownSetting(card.name, golden, reading),
  ];
  const params: Setting["params"] = Object.assign({}, ...parts.map((part) => part.params));
  for (const [key, value] of Object.entries(params)) checkServed(card, key, value);
  return {
    params: Object.fromEntries(Object.entries(params).filter(([key]) => card.parameters[key] !== undefined)),
    given: Object.assign({}, ...parts.map((part) => part.given)),
  };
};

/** A metric without a parameter serves where it does what is asked all the same. */
const checkServed = ({ name, parameters }: Metric["card"], key: string, value: unknown): void => {
  const choices = parameters[key] === undefined ? FIXED[key] : parameters[key].choices;
  if (choices !== undefined && !choices.includes(String(value))) throw unsupported(`${key} '${value}' of metric '${name}'`);
  const imputer = String(value).split(":")[0]!;
  if ((key === "imputer" || key === "baseline") && imputers[imputer] === undefined) throw unsupported(`imputer '${imputer}'`);
};

const ordersSetting = async (order: unknown, golden: Json, { files }: Reading): Promise<Setting> => {
  const file = ordersFile(golden);
  const orders = file === undefined ? undefined : await files.array(file);
  return {
    // Where the entry has none, the curve of random orders is nobody's: one order is the least.
    params: { "random-orders": orders?.dims[0] ?? 1, ...(order !== undefined && { order: orderNamed(order) }) },
    given: orders === undefined ? {} : { orders },
  };
};

/** Ours. Errors: Unsupported. */
export const orderNamed = (order: unknown): Order | "random" => {
  const known = ORDERS[String(order)];
  if (known === undefined) throw unsupported(`order ${JSON.stringify(order)}`);
  return known;
};

/** Counts of removed units: a list, or from, to and step. */
const steps = (checkpoints: unknown): Setting["params"] => {
  if (checkpoints === undefined) return { steps: "every" };
  if (Array.isArray(checkpoints)) return { steps: checkpoints.map((k) => numberOf("checkpoints with", k)).join() };
  if (!isRecord(checkpoints)) throw unsupported(`checkpoints ${JSON.stringify(checkpoints)}`);
  const [from, to, step] = ["from", "to", "step"].map((key) => numberOf(`checkpoints with ${key}`, checkpoints[key])) as [
    number,
    number,
    number,
  ];
  if (!(step > 0) || to < from) throw unsupported(`checkpoints ${JSON.stringify(checkpoints)}`);
  return { steps: Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step).join() };
};

const aggregate = (how: unknown): Setting["params"] => {
  if (how === undefined) return {};
  return { aggregate: how === "absolute value of the sum" ? "sum" : String(how) };
};
