/** The rules, one line each; and the check of a rule as a recipe writes it. */
import { fail } from "../errors.ts";
import { alphaBeta, zplus } from "./alpha-beta.ts";
import { epsilon, norm } from "./epsilon.ts";
import { gamma } from "./gamma.ts";
import {
  beta,
  bilinear,
  deconv,
  detach,
  follow,
  gradient,
  guided,
  pass,
  rectgrad,
  signalTakesAll,
  taylor,
  uniform,
  winner,
} from "./local.ts";
import { type Group, type LinearRule, type RuleCard, type RuleSpec, STABILIZER } from "./rule.ts";
import { flat, wsquare } from "./wsquare.ts";
import { zbox } from "./zbox.ts";

/** All rules by name; `defineRule` adds to them. */
export const rules: Readonly<Record<string, RuleCard>> = Object.fromEntries(
  [
    epsilon,
    zplus,
    alphaBeta,
    gamma,
    zbox,
    wsquare,
    flat,
    norm,
    pass,
    gradient,
    guided,
    deconv,
    beta,
    rectgrad,
    uniform,
    bilinear,
    detach,
    signalTakesAll,
    taylor,
    winner,
    follow,
  ].map((rule) => [rule.name, rule]),
);

/** The spec with defaults filled in and nothing else; unknown rules and parameters, and values out of range, are errors. */
export const checkRule = (spec: RuleSpec): RuleSpec => {
  const card = Object.hasOwn(rules, spec.name) ? rules[spec.name] : undefined;
  if (card === undefined)
    throw fail("BadRecipe", { what: `unknown rule '${spec.name}'`, fix: `known rules: ${Object.keys(rules).join(", ")}` });
  const bad = (why: string) => fail("BadRecipe", { what: `rule '${spec.name}'`, why });
  const checked: Record<string, unknown> = { name: spec.name };
  for (const [key, value] of Object.entries(spec)) {
    if (key === "name") continue;
    if (key === "zero_params") {
      if (value !== "bias" && value !== undefined && value !== null)
        throw bad(`zero_params may only be "bias", not ${JSON.stringify(value)}`);
      if (value) checked[key] = value;
    } else if (!Object.hasOwn(card.parameters, key)) {
      const known = Object.keys(card.parameters);
      throw bad(`it has no parameter '${key}'${known.length ? ` (it has ${known.join(", ")})` : ""}`);
    }
  }
  for (const [key, { default: fallback, min, exclusive, perChannel }] of Object.entries(card.parameters)) {
    const value = (spec[key] ?? fallback) as number | readonly number[];
    const numbers = typeof value === "number" ? [value] : value;
    if (!Array.isArray(numbers) || numbers.length === 0 || numbers.some((v) => typeof v !== "number" || !Number.isFinite(v)))
      throw bad(`${key} must be a number, not ${JSON.stringify(value)}`);
    if (typeof value !== "number" && !perChannel) throw bad(`${key} takes one number`);
    if (min !== undefined && numbers.some((v) => v < min || (exclusive && v === min)))
      throw bad(`${key} must be ${exclusive ? "above" : "at least"} ${min}, not ${value}`);
    checked[key] = value;
  }
  if (spec.name === "alpha-beta" && Math.abs((checked.alpha as number) - (checked.beta as number) - 1) > 1e-9)
    throw bad(`α − β must be 1, not ${checked.alpha} − ${checked.beta}`);
  if (spec.name === "zbox") {
    const [low, high] = [checked.low, checked.high].map((v) => (Array.isArray(v) ? v : [v])) as [number[], number[]];
    const channels = Math.max(low.length, high.length);
    if ([low, high].some(({ length }) => length !== 1 && length !== channels))
      throw bad(`low has ${low.length} values, high has ${high.length}`);
    const at = (bound: readonly number[], channel: number) => bound[bound.length === 1 ? 0 : channel]!;
    if (Array.from({ length: channels }, (_, i) => i).some((i) => at(low, i) > at(high, i))) throw bad("low lies above high");
  }
  return checked as unknown as RuleSpec;
};

/** The algebra of a checked linear rule; `stabilizer` is the ε of every rule that names none. */
export const linearRule = (spec: RuleSpec, stabilizer = STABILIZER): LinearRule => {
  const groups = rules[spec.name]!.groups!(spec as never);
  const epsilon = typeof spec.epsilon === "number" ? spec.epsilon : stabilizer;
  return { groups: spec.zero_params === "bias" ? groups.map(withoutBias) : groups, epsilon };
};

const withoutBias = (g: Group): Group => ({ ...g, terms: g.terms.map(({ b: _, ...term }) => term) });

export * from "./rule.ts";
