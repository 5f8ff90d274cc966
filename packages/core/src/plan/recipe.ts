/**
 * A recipe is JSON that fully determines a heatmap: method, rules, seed, what is explained. `parseRecipe` reads what a user
 * (or a conformance case) writes; `resolve` fills in every default, so that a resolved recipe replays to the same numbers.
 */
import { checkedValue } from "../cards/parameters.ts";
import { type CompiledMethod, compiledMethods, type Method, ownParameters } from "../compiled/index.ts";
import {
  automatic,
  type Choice,
  type Composite,
  compositeNamed,
  HEAD,
  type ParameterValue,
  type RuleEntry,
  type Traits,
} from "../composites/index.ts";
import { fail } from "../errors.ts";
import { append } from "../numeric/extremes.ts";
import { checkRule, type RuleSpec, STABILIZER } from "../rules/index.ts";
import { checkParams } from "./params.ts";
import { ignoredNotices, isField, type Recipe, SEEDS, type Seed, STARTS, type Start } from "./recipe-fields.ts";
import { checkForm } from "./recipe-form.ts";

export interface Params {
  readonly epsilon?: number;
  readonly zero_params?: "bias";
  readonly batchnorm: "merge" | "merge-previous" | "merge-next" | "pass" | "layer";
  readonly product: "auto" | "uniform" | "signal-takes-all";
}

export interface ResolvedRecipe {
  readonly recipe: 1;
  /** `lrp` where the method is short for a composite. */
  readonly method: Method;
  /** The composite it came from, for the reader; `rules` is what counts. */
  readonly composite?: string;
  readonly rules: readonly RuleEntry[];
  readonly activation: "pass" | "gradient";
  readonly stabilizer: number;
  readonly seed: Seed;
  /** Absent where it is what the seed has anyway. */
  readonly start?: Start;
  readonly score: "logit" | "probability";
  readonly ties: "first";
  readonly explain?: readonly string[];
  readonly output?: string;
  /** And those of compiled methods that `method` reads. */
  readonly params: Pick<Params, "batchnorm" | "product"> & Readonly<Record<string, unknown>>;
  readonly onUnsupported: "error" | "detach";
}

const BATCHNORM = ["merge", "merge-previous", "merge-next", "pass", "layer"];

const oneOf = <T extends string>(value: unknown, allowed: readonly T[], name: string): T => {
  if (allowed.includes(value as T)) return value as T;
  throw fail("BadRecipe", { what: `${name} ${JSON.stringify(value)} is not known`, fix: `one of ${allowed.join(", ")}` });
};

/** Reads a recipe from JSON text or an object. Unknown fields are named in `notices` and ignored. */
export const parseRecipe = (source: string | object): { readonly recipe: Recipe; readonly notices: readonly string[] } => {
  let json: unknown = source;
  if (typeof source === "string")
    try {
      json = JSON.parse(source);
    } catch (cause) {
      throw fail("BadRecipe", { what: "the recipe is not JSON", why: (cause as Error).message }, cause);
    }
  if (json === null || typeof json !== "object" || Array.isArray(json))
    throw fail("BadRecipe", { what: "a recipe is a JSON object", why: `this is ${JSON.stringify(json)?.slice(0, 40)}` });
  const fields = json as Record<string, unknown>;
  if (fields.recipe !== undefined && fields.recipe !== 1)
    throw fail("BadRecipe", { what: `recipe version ${JSON.stringify(fields.recipe)}`, why: "this backlit reads version 1" });
  const recipe = Object.fromEntries(Object.entries(fields).filter(([key, value]) => isField(key) && value !== null));
  return {
    recipe: { ...recipe, recipe: 1 } as Recipe,
    notices: ignoredNotices(Object.keys(fields).filter((key) => !isField(key))),
  };
};

/** What the choice of `auto`, and of a box, depends on. */
export interface Surroundings extends Pick<Traits, "ops" | "attention">, Partial<Omit<Traits, "ops" | "attention">> {
  /**
   * Chosen by name on a command line or in a call, not in a recipe as written: what is left out keeps the sign contract (positive
   * speaks for what is explained), and composites take what they are best with.
   */
  readonly asked?: boolean;
  /** Least and largest value of the input per channel, known from its preprocessing. */
  readonly box?: { readonly low: number | readonly number[]; readonly high: number | readonly number[] };
}

/** All defaults filled in, parameters checked. */
export const resolve = (
  recipe: Recipe,
  surroundings: Surroundings,
): { readonly recipe: ResolvedRecipe; readonly notices: readonly string[] } => {
  checkForm(recipe);
  const params = (recipe.params ?? {}) as Partial<Params> & { readonly output?: string; readonly [own: string]: unknown };
  const notices: string[] = [];
  const asked = oneOf(recipe.method ?? "lrp", Object.keys(compiledMethods), "method");
  const own = compiledMethods[asked]!;
  const composed = own.composite;
  const lrp = own.flow === "relevance";
  const method = (composed === undefined ? asked : "lrp") as ResolvedRecipe["method"];
  const named = typeof recipe.composite === "string" ? { name: recipe.composite } : recipe.composite;
  let name: string | undefined = composed ?? named?.name ?? (recipe.rules ? undefined : "auto");
  let seed = recipe.seed;
  const auto = name === "auto" && lrp;
  const around = { ...surroundings, asked: surroundings.asked || auto };
  let chosenStart: ResolvedRecipe["start"];
  let chosenParams: Choice["params"];
  if (auto) {
    const choice = automatic(surroundings);
    chosenParams = choice.params;
    const words = Object.entries(choice.params ?? {}).map(([key, value]) => `:${key}=${value}`);
    notices.push(
      `auto took ${choice.composite}${words.join("")} with seed ${typeof seed === "object" ? `contrastive against ${seed.contrast}` : (seed ?? choice.seed)}: ${choice.why}`,
    );
    name = choice.composite;
    seed ??= choice.seed;
    if (seed !== "one" && seed !== "vector") chosenStart = "direct";
  } else if (surroundings.asked && lrp && name !== undefined && seed === undefined) {
    seed = "logit";
    chosenStart = "fitting";
  }
  const composite = name === undefined || !lrp ? undefined : compositeNamed(name);
  const reader = { method: asked, composite: recipe.rules === undefined ? composite?.name : undefined };
  const written = { params: recipe.params ?? {}, ofComposite: named?.params ?? {}, file: recipe.recipe === 1, auto };
  append(notices, checkParams(reader, written));
  // Of composites for attention the word names an ε.
  const product =
    composite && "product" in composite.parameters && typeof params.product !== "string" ? undefined : params.product;
  const said = Object.entries(params).filter(([key]) => Object.hasOwn(chosenParams ?? {}, key));
  const given = { ...chosenParams, ...Object.fromEntries(said), ...named?.params };
  const entries = [...(recipe.rules ?? (composite ? composite.rules(compositeParams(composite, given, params, around)) : []))];
  if (auto) entries.unshift(HEAD);
  const outer = (given.zero_params ?? params.zero_params) as "bias" | undefined;
  const boxed = recipe.rules === undefined ? (rule: RuleSpec) => rule : takingBox(surroundings.box, notices);
  const rules = entries.map(({ match, rule }) => ({ match, rule: checkRule(withOuter(boxed(rule), outer)) }));
  const resolved: ResolvedRecipe = {
    recipe: 1,
    method,
    ...(composite && { composite: composite.name }),
    rules,
    activation: oneOf(recipe.activation ?? composite?.activation ?? "pass", ["pass", "gradient"], "activation"),
    stabilizer: stabilizerOf(recipe.stabilizer ?? composite?.stabilizer),
    seed: typeof seed === "object" ? seed : oneOf(seed ?? "one", [...SEEDS], "seed"),
    ...(lrp && startOf(recipe, seed ?? "one", chosenStart)),
    score: oneOf(recipe.score ?? params.output ?? "logit", ["logit", "probability"], "score"),
    ties: oneOf(recipe.ties ?? "first", ["first"], "ties"),
    ...(recipe.explain !== undefined && {
      explain: typeof recipe.explain === "string" ? [recipe.explain] : [...new Set(recipe.explain)],
    }),
    ...(recipe.output !== undefined && { output: recipe.output }),
    params: {
      batchnorm: oneOf(
        params.batchnorm ?? composite?.batchnorm ?? (lrp && around.asked ? "layer" : "merge"),
        BATCHNORM,
        "params.batchnorm",
      ) as Params["batchnorm"],
      product: oneOf(product ?? "auto", ["auto", "uniform", "signal-takes-all"], "params.product"),
      ...paramsOf(own, params),
    },
    onUnsupported: oneOf(recipe.onUnsupported ?? "error", ["error", "detach"], "onUnsupported"),
  };
  return { recipe: resolved, notices };
};

/** Nothing where the start is the one the seed has anyway: older recipes keep their hash. */
const startOf = (
  { start: given }: Recipe,
  seed: Seed,
  chosen: ResolvedRecipe["start"],
): Partial<Pick<ResolvedRecipe, "start">> => {
  const start = given === undefined ? chosen : oneOf<Start>(given, [...STARTS, "fitting"], "start");
  return start === undefined || start === usualStart(seed) ? {} : { start };
};

/** Where nobody says: R = v for seed one, R = v ⊙ z for the others. */
export const usualStart = (seed: Seed): Start => (seed === "one" || seed === "vector" ? "plain" : "product");

/** The method's own parameters, and those that are held whatever the method. */
const paramsOf = (method: CompiledMethod, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.values(compiledMethods)
      .filter((one) => one === method || one.held)
      .flatMap((one) =>
        Object.entries(ownParameters(one)).map(([key, parameter]) => [
          key,
          one.read?.[key]?.(given[key]) ?? checkedValue(one.card.name, key, parameter, given[key]),
        ]),
      ),
  );

/** A z^B that names no bounds, with those of the preprocessing; notices say which. */
const takingBox =
  (box: Surroundings["box"], notices: string[]) =>
  (rule: RuleSpec): RuleSpec => {
    if (rule.name !== "zbox" || (rule.low ?? rule.high ?? undefined) !== undefined) return rule;
    const say = (bound: number | readonly number[]) =>
      [bound]
        .flat()
        .map((v) => Number((v as number).toPrecision(4)))
        .join(", ");
    const notice =
      box === undefined
        ? "zbox without low and high takes the box from -1 to 1: no preprocessing says what the input's is"
        : `zbox without low and high takes the preprocessing's box, from ${say(box.low)} to ${say(box.high)} (low: -1, high: 1 is the older meaning)`;
    if (!notices.includes(notice)) notices.push(notice);
    return box === undefined ? rule : { ...rule, low: box.low, high: box.high };
  };

/** Held to what the rule of that name takes. */
const stabilizerOf = (epsilon = STABILIZER): number => checkRule({ name: "epsilon", epsilon }).epsilon as number;

const withOuter = (rule: RuleSpec, zero: "bias" | undefined): RuleSpec =>
  zero && rule.zero_params === undefined ? { ...rule, zero_params: zero } : rule;

/** `epsilon` is one number for all, or `{ linear, product, add }`. */
const epsilons = (composite: Composite, epsilon: unknown): Record<string, unknown> => {
  const parts = ["linear", "product", "add"];
  if (epsilon === undefined || epsilon === null) return {};
  if (typeof epsilon !== "object")
    return Object.fromEntries(parts.flatMap((part) => (part in composite.parameters ? [[part, epsilon]] : [])));
  const stray = Object.keys(epsilon).find((part) => !parts.includes(part));
  if (stray !== undefined) throw fail("BadRecipe", { what: `epsilon has no part '${stray}'`, fix: `it has ${parts.join(", ")}` });
  const given = epsilon as Readonly<Record<string, unknown>>;
  const taken = parts.filter((part) => part in composite.parameters).map((part) => [part, given[part]]);
  return { ...Object.fromEntries(taken), epsilon: given.linear };
};

/** The composite's own parameters out of what is given; a box that is not given comes from the preprocessing. */
const compositeParams = (
  composite: Composite,
  own: Readonly<Record<string, unknown>>,
  params: Readonly<Record<string, unknown>>,
  { box, asked }: Pick<Surroundings, "box" | "asked">,
): Record<string, ParameterValue> => {
  const names = Object.keys(composite.parameters);
  const both = { ...params, ...own };
  const given = { ...both, ...epsilons(composite, both.epsilon) };
  const usual = (key: string) =>
    key === "low" || key === "high" ? box?.[key] : (asked && composite.asked?.[key]) || composite.parameters[key]!.default;
  const entries = names.map((key) => [key, (given[key] as ParameterValue | undefined) ?? usual(key)] as const);
  for (const [key, value] of entries) {
    const { words } = composite.parameters[key]!;
    if (typeof value === "string" && !words?.includes(value))
      throw fail("BadRecipe", {
        what: `${key} of composite '${composite.name}' is ${JSON.stringify(value)}`,
        fix: `give a number${words ? ` or ${words.join(", ")}` : ""}`,
      });
  }
  const values = Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, ParameterValue>;
  if (composite.name === "epsilon-gamma-box" && (values.low === undefined || values.high === undefined))
    throw fail("BadRecipe", {
      what: "epsilon-gamma-box needs the box its input lies in",
      why: "no preprocessing says what low and high are",
      fix: "give low and high as parameters of the composite",
    });
  return values;
};
