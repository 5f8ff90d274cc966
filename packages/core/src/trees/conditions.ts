/**
 * Leaves by the players whose Shapley values are asked for: columns of the explained input. Everything that the way to a leaf asks of
 * one player, of whatever features that became, is one condition; it holds or it does not.
 */
import type { Ensemble, Leaf, Literal, Split } from "./ensemble.ts";

export interface Condition {
  readonly player: number;
  /** All of them have to hold. */
  readonly literals: readonly Literal[];
}

export interface Way {
  readonly leaf: Leaf;
  readonly conditions: readonly Condition[];
}

/** Of every leaf; `playerOf`: by feature. */
export const waysOf = ({ leaves, splits }: Ensemble, playerOf: readonly number[]): readonly Way[] =>
  leaves.map((leaf): Way => {
    const by = new Map<number, Literal[]>();
    for (const literal of leaf.path) {
      const player = playerOf[splits[literal.split]!.feature]!;
      const own = by.get(player);
      if (own === undefined) by.set(player, [literal]);
      else own.push(literal);
    }
    const conditions = [...by].map(([player, literals]) => ({ player, literals: tightest(literals, splits) }));
    return { leaf, conditions };
  });

/** Of several bounds of one kind on one feature the tightest says it all. */
const tightest = (literals: readonly Literal[], splits: readonly Split[]): readonly Literal[] => {
  const kept = new Map<string, Literal>();
  for (const literal of literals) {
    const { feature, mode, value, missing } = splits[literal.split]!;
    const bounds = mode === "<=" || mode === "<" || mode === ">=" || mode === ">";
    const key = bounds ? `${feature} ${mode} ${missing} ${literal.yes}` : `${literal.split} ${literal.yes}`;
    const before = kept.get(key);
    const below = mode.startsWith("<") === literal.yes;
    const known = before && splits[before.split]!.value;
    if (known === undefined || (below ? value < known : value > known)) kept.set(key, literal);
  }
  return [...kept.values()];
};
