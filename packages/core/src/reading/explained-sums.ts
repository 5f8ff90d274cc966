/**
 * Lookups that are added up: a token's vector and those of its position and type. Which one is the token's is read from names, from
 * the tables' sizes and from the order of the inputs; where these disagree, nobody but the user knows.
 */

import { opName, valuesRead } from "../graph/graph.ts";
import { append, minOf } from "../numeric/extremes.ts";
import { type Candidate, isLookup, type Where } from "./explained-candidates.ts";
import { MOVES } from "./explained-merge.ts";

/** Names of what says where or of what kind, not what. */
const ASIDE = /mask|token_?type|segment|position|pos_?(ids|emb)|(^|[^a-z])(type|lengths?)(_?ids)?($|[^a-z])/i;
const named = (text: string): boolean => ASIDE.test(text);
/** By the input's name. */
export const isAside = ({ inputs }: Pick<Candidate, "inputs">): boolean => inputs.length > 0 && inputs.every(named);

/** A table of so few rows holds kinds, where another one holds more. */
const KINDS = 2;

export interface Chosen {
  readonly kept: readonly Candidate[];
  /** What is left out, and why. */
  readonly left: readonly { readonly candidate: Candidate; readonly why: string }[];
  /** Candidates of which the user has to name one. */
  readonly open: readonly Candidate[];
}

export const chosenOf = (group: readonly Candidate[], where: Where): Chosen => {
  const left: { candidate: Candidate; why: string }[] = [];
  let kept = group;
  const drop = (why: string, test: (one: Candidate) => boolean) => {
    const gone = kept.filter(test);
    if (gone.length === 0 || gone.length === kept.length) return;
    append(
      left,
      gone.map((candidate) => ({ candidate, why })),
    );
    kept = kept.filter((one) => !gone.includes(one));
  };
  drop("by its name it says where, or of what kind", (one) => isAside(one) || [one.node.name, one.node.input[0]!].some(named));
  drop("it has no batch, as positions have none", (one) => one.inputs.every((name) => isUnbatched(name, where)));
  drop("it tells few kinds apart", ({ rows }) => rows <= KINDS);
  const [largest] = [...kept].sort((a, b) => b.rows - a.rows);
  const alike = kept.filter((one) => String(one.inputs) === String(largest!.inputs));
  if (alike.length === kept.length) return { kept, left, open: [] };
  const order = where.graph.inputs.map(({ name }) => name);
  const place = (one: Candidate) => minOf(one.inputs.map((name) => order.indexOf(name)));
  const others = kept.filter((one) => !alike.includes(one));
  if (others.some((one) => one.rows >= largest!.rows || place(one) < place(largest!))) return { kept: [], left, open: kept };
  const why = `the table of '${largest!.value}' is larger, and its input comes first`;
  return { kept: alike, left: [...left, ...others.map((candidate) => ({ candidate, why }))], open: [] };
};

/** One row for all samples, where other inputs have one each. */
const isUnbatched = (name: string, { graph }: Where): boolean => {
  const first = (input: (typeof graph.inputs)[number]) => input.type?.tensorType?.shape?.[0];
  const own = graph.inputs.find((input) => input.name === name);
  return own !== undefined && first(own)?.value === 1 && graph.inputs.some((input) => (first(input)?.value ?? 0) < 1);
};

/** Candidates with an axis of positions that are added to each other before anything else happens to them; each alone otherwise. */
export const groupsOf = (candidates: readonly Candidate[], { nodes, facts }: Where): readonly (readonly Candidate[])[] => {
  const sums = new Map<Candidate, Set<Candidate>>(candidates.map((one) => [one, new Set([one])]));
  const carried = new Map<string, readonly Candidate[]>();
  for (const one of candidates) if (isLookup(one) && (facts.shape(one.value)?.length ?? 0) >= 3) carried.set(one.value, [one]);
  for (const node of nodes) {
    const reads = valuesRead(node).filter((name) => !facts.isConstant(name));
    const parts = [...new Set(reads.flatMap((name) => carried.get(name) ?? []))];
    if (parts.length === 0 || !handsOn(opName(node), reads.length, parts)) continue;
    if (carried.get(node.output[0]!) !== undefined) continue; // a candidate itself
    carried.set(node.output[0]!, parts);
    const all = new Set(parts.flatMap((one) => [...sums.get(one)!]));
    for (const one of all) sums.set(one, all);
  }
  return [...new Set(sums.values())].map((group) => [...group]);
};

/** Sums, scales by constants, moves; a one-hot's table. */
const handsOn = (op: string, varying: number, parts: readonly Candidate[]): boolean => {
  if (op === "Add" || op === "Sum" || op === "Sub") return true;
  if (varying > 1) return false;
  return MOVES.has(op) || op === "Mul" || op === "Div" || (op === "MatMul" && parts.every(({ how }) => how === "one-hot"));
};
