/**
 * What is explained when nobody says: the float inputs, and for whole numbers and texts the first float value they become: a row of a
 * table for each token, a one-hot for each category, a count for each n-gram. Masks, positions and token types are held fixed.
 */

import { fail } from "../errors.ts";
import { between } from "../graph/between.ts";
import { isCarried } from "../graph/caches.ts";
import type { Facts } from "../graph/facts.ts";
import { type Graph, valuesRead } from "../graph/graph.ts";
import { minOf } from "../numeric/extremes.ts";
import { elementKinds, isFloat } from "./element-kinds.ts";
import { type Candidate, frontierOf, isLookup, type Where } from "./explained-candidates.ts";
import { merged } from "./explained-merge.ts";
import { type Chosen, chosenOf, groupsOf, isAside } from "./explained-sums.ts";
import { type Uses, usesOf } from "./explained-uses.ts";

interface Takes {
  readonly value: string;
  readonly why: string;
  /** Graph inputs it stands for: itself, or those it is looked up by. */
  readonly inputs: readonly string[];
}

export interface ExplainedReading {
  /** Empty where the user has to choose. */
  readonly explained: readonly Takes[];
  /** Inputs held fixed, and why. */
  readonly fixed: readonly { readonly value: string; readonly why: string }[];
  /** What can be explained, for `--explain`: as found on the way, those chosen first. */
  readonly candidates: readonly Takes[];
  /** Rows of the table in which a candidate is looked up, by its value. */
  readonly tables: ReadonlyMap<string, number>;
  /** Float inputs that only mask. */
  readonly masks: readonly string[];
}

/** Errors: none; a question is several candidates and nothing explained. */
export const readExplained = (graph: Graph, facts: Facts, start: string): ExplainedReading => {
  const names = graph.inputs.map(({ name }) => name);
  const nodes = between(graph, names, start);
  const where: Where = { graph, facts, kinds: elementKinds(graph), nodes, start };
  const { candidates, floats } = frontierOf(where);
  const lookups = candidates.filter(isLookup);
  const reached = new Set([start, ...nodes.flatMap(valuesRead)]);
  // Floats that only choose rows are explained where these are looked up; floats that are rounded on the way stay as they are.
  const turned = new Set(lookups.flatMap(({ inputs }) => inputs));
  const floating = names.filter((name) => where.kinds.get(name) === "float" && reached.has(name));
  const fresh = floating.filter((name) => !isCarried(name, names));
  const own = fresh.length > 0 || lookups.length > 0 ? fresh : floating;
  const direct = own.filter((name) => floats.includes(name) || !turned.has(name));
  const text = lookups.some((one) => isSequence(one, facts) && !isAside(one));
  const masks = text ? direct.filter((name) => isAside({ inputs: [name] }) || !isFeature(usesOf(name, where))) : [];
  const content = direct.filter((name) => !masks.includes(name));

  const taken = takenOf(candidates, lookups, content, where);
  const joined = merged(taken, where).filter((one) => content.length === 0 || sharesRows(one, content, graph));
  const groups = withoutAsides(
    groupsOf(joined, where).map((group) => chosenOf(group, where)),
    content.length > 0,
    where,
  );
  const kept = groups.flatMap((group) => group.kept);
  const open = groups.flatMap((group) => group.open);
  const asked = open.length > 0 && content.length === 0;
  const chosen = asked ? [] : kept.filter((one) => !open.includes(one));
  const described = (one: Candidate): Takes => ({ value: one.value, why: whyOf(one), inputs: one.inputs });
  const given = content.map((value): Takes => ({ value, why: "a float input", inputs: [value] }));
  const place = (inputs: readonly string[]) => minOf(inputs.map((name) => names.indexOf(name)));
  const explained = [...given, ...chosen.map(described)].sort((a, b) => place(a.inputs) - place(b.inputs));
  const left = new Map(groups.flatMap((group) => group.left).map(({ candidate, why }) => [candidate.value, why]));
  const rest = candidates.filter((one) => !chosen.includes(one) && !open.includes(one));
  const offered = [...open, ...chosen, ...(asked ? [] : rest)];
  return {
    explained,
    fixed: names
      .filter((value) => !explained.some((one) => one.value === value))
      .map((value) => ({ value, why: fixedWhy(value, { chosen, open, all: candidates, left, reached, names }) })),
    candidates: [...given, ...offered.map(described)],
    tables: new Map(offered.flatMap(({ value, how, rows }) => (how === "table" ? [[value, rows] as const] : []))),
    masks,
  };
};

const isFeature = ({ weighted, beside }: Uses): boolean => weighted || beside;

/** Lookups; and numbers, where they are features and no masks or counts. */
const takenOf = (
  all: readonly Candidate[],
  lookups: readonly Candidate[],
  content: readonly string[],
  where: Where,
): readonly Candidate[] => {
  const known = [...lookups.map(({ inputs }) => inputs), content];
  const others = all.filter((one) => !isLookup(one) && !known.some((own) => one.inputs.every((name) => own.includes(name))));
  const features = others.filter((one) => {
    const { weighted, beside } = usesOf(one.value, where);
    if (beside) return !/mask/i.test(String(one.inputs));
    return weighted && content.length === 0 && !isAside(one) && (one.how === "numbers" || lookups.length === 0);
  });
  // Compared with a list beside a table: the kinds of tokens that are masked, unless it has weights of its own.
  const tables = lookups.filter(({ how }) => how === "table");
  const masking = (one: Candidate) =>
    one.how === "one-hot" && one.node.opType === "Cast" && tables.some((other) => String(other.inputs) === String(one.inputs));
  const found = [...lookups.filter((one) => !masking(one) || isFeature(usesOf(one.value, where))), ...features];
  if (found.length > 0 || content.length > 0 || where.graph.inputs.length > 1) return found;
  return all.filter(({ how }) => how !== "condition"); // the one input there is, whatever its name
};

/** Token types and positions alone are not what a model is about. */
const withoutAsides = (groups: readonly Chosen[], content: boolean, { graph, facts }: Where): readonly Chosen[] => {
  const aside = ({ kept }: Chosen) => kept.length > 0 && kept.every((one) => isAside(one) && isSequence(one, facts));
  const others = content || graph.inputs.length > 1;
  return groups.map((group) => {
    if (!others || !aside(group)) return group;
    const why = "by its name it says where, or of what kind";
    return { kept: [], open: [], left: [...group.left, ...group.kept.map((candidate) => ({ candidate, why }))] };
  });
};

/** Rows of its inputs are those of the float inputs: not so with the text of a pair that is compared with pictures. */
const sharesRows = (one: Candidate, content: readonly string[], graph: Graph): boolean => {
  const first = (name: string) => graph.inputs.find((input) => input.name === name)?.type?.tensorType?.shape?.[0];
  const rows = content.map(first);
  return one.inputs.every((name) => {
    const own = first(name);
    return rows.some((other) => own?.param === other?.param && own?.value === other?.value);
  });
};

const isSequence = ({ value }: Candidate, facts: Facts): boolean => {
  const shape = facts.shape(value) ?? [];
  return shape.length >= 3 && shape.slice(1, -1).some((size) => size !== 1);
};

const whyOf = ({ inputs, how, rows }: Candidate): string => {
  const of = inputs.join(", ");
  switch (how) {
    case "table":
      return `rows of a table of ${rows}, looked up by ${of}`;
    case "one-hot":
      return `one-hot of ${of}`;
    case "n-grams":
      return `counts of ${rows} n-grams of ${of}`;
    case "numbers":
      return `${of} as numbers`;
    case "condition":
      return `a yes or no made of ${of}`;
  }
};

interface Why {
  readonly chosen: readonly Candidate[];
  readonly open: readonly Candidate[];
  readonly all: readonly Candidate[];
  /** By candidate, why it was left out. */
  readonly left: ReadonlyMap<string, string>;
  readonly reached: ReadonlySet<string>;
  /** Of all inputs. */
  readonly names: readonly string[];
}

const fixedWhy = (input: string, { chosen, open, all, left, reached, names }: Why): string => {
  const inside = chosen.find(({ inputs }) => inputs.includes(input));
  if (inside !== undefined) return `explained as '${inside.value}'`;
  if (isCarried(input, names)) return "a cache or state: what was computed before";
  if (!reached.has(input)) return "the output does not depend on it";
  const asked = open.find(({ inputs }) => inputs.includes(input));
  if (asked !== undefined) return `may be explained as '${asked.value}'`;
  const own = all.filter(({ inputs }) => inputs.includes(input));
  const why = own.flatMap(({ value }) => left.get(value) ?? [])[0];
  if (why !== undefined) return why;
  if (own.length > 0 && own.every(({ how }) => how === "condition")) return "only compared with a number, as masks are";
  return "a mask, a count or a setting: no features of its own";
};

/** The candidates behind the error, for whoever can show them. */
class Unanswered extends Error {
  constructor(readonly reading: ExplainedReading) {
    super("what is explained has to be named");
  }
}

/** What could be explained, where an error says that it has to be named. */
export const readingBehind = (error: unknown): ExplainedReading | undefined =>
  error instanceof Error && error.cause instanceof Unanswered ? error.cause.reading : undefined;

/** The question, where nothing could be chosen. */
export const unanswered = (graph: Graph, reading: ExplainedReading) => {
  const { candidates } = reading;
  const cause = new Unanswered(reading);
  const inputs = graph.inputs.map(({ name }) => name).join(", ");
  if (candidates.length === 0) {
    // One that is read would be explained.
    const floats = graph.inputs.filter(isFloat).map(({ name }) => name);
    const [what, why] =
      floats.length === 0
        ? ["the model has no float input to explain", `its inputs are ${inputs}`]
        : ["the output does not depend on any float input", `at most the shape of ${floats.join(", ")} is read on the way to it`];
    const fix = "name the float value to explain with --explain";
    return fail("Unsupported", { what, why: `${why}, and no float value is looked up by the inputs`, fix }, cause);
  }
  const what = candidates.length === 1 ? "it is not clear what to explain" : `${candidates.length} values may be explained`;
  const why = candidates.map((one) => `${one.value} (${one.why})`).join("; ");
  return fail("BadRecipe", { what, why, fix: "name the one to explain with --explain" }, cause);
};
