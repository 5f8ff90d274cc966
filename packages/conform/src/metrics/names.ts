/** Names of numbers: `auc_morf_probability` is the score auc of the order MoRF, read from probabilities. */

/** One way to read a name. */
export interface Name {
  readonly base: string;
  readonly score?: string;
  readonly order?: string;
  /** What is done to the map before it is judged; nothing where it is left out. */
  readonly map?: MapChange;
  readonly params?: Readonly<Record<string, string | number>>;
}

export type MapChange = "half" | "negated" | "self";

const SCORES: Readonly<Record<string, string>> = { logit: "logit", probability: "probability", correct: "top-1" };
const ORDERS = ["morf", "lerf", "random"];
const CHANGES: readonly MapChange[] = ["half", "negated", "self"];

/** All ways to read it, the most literal first. */
export const namesOf = (name: string): readonly Name[] => {
  const words = name.split("_");
  const scored = without(words, Object.keys(SCORES));
  const [plain, score] = scored === undefined ? [words, undefined] : [scored.words, SCORES[scored.word]];
  const readings: { readonly words: readonly string[]; readonly more: Omit<Name, "base"> }[] = [
    { words: plain, more: {} },
    ...ORDERS.flatMap((order) => {
      const rest = without(plain, [order]);
      return rest === undefined ? [] : [{ words: rest.words, more: { order } }];
    }),
    ...CHANGES.flatMap((map) => {
      const rest = without(plain, [map]);
      return rest === undefined ? [] : [{ words: rest.words, more: { map } }];
    }),
  ];
  const [, of, threshold] = /^effective_complexity_(abs|rel)_([\d.e+-]+)$/.exec(name) ?? [];
  return [
    ...(scored === undefined ? [] : [{ base: name }]),
    ...readings.map(({ words, more }) => ({ base: words.join("_"), ...(score && { score }), ...more })),
    ...(of === undefined
      ? []
      : [{ base: "effective_complexity", params: { of: of === "abs" ? "one" : "max", threshold: Number(threshold) } }]),
  ];
};

/** The last of these words taken out. */
const without = (words: readonly string[], these: readonly string[]) => {
  const at = words.findLastIndex((word) => these.includes(word));
  return at < 0 ? undefined : { words: words.filter((_, i) => i !== at), word: words[at]! };
};
