/** Facts of a value that follow from those of the values before it, found without recursion: a chain of 100,000 nodes is no deeper than one. */

export interface Ordered<K, T> {
  /** The values that `make` may ask for, those that lead on: others are looked up when asked. */
  readonly before: (value: K) => readonly K[];
  readonly make: (value: K, of: (value: K) => T) => T;
  /** What a value that waits for itself gets: a graph has no circles, but a malformed one must end, too. */
  readonly circular: T;
}

/** Each value is looked at once, after those it follows from. */
export const derived = <K, T>({ before, make, circular }: Ordered<K, T>): ((value: K) => T) => {
  const known = new Map<K, T>();
  const open = new Set<K>();
  const of = (value: K): T => {
    const stack = [value];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      if (!known.has(top) && !open.has(top)) {
        open.add(top);
        for (const name of before(top)) if (!known.has(name) && !open.has(name)) stack.push(name);
        if (stack.at(-1) !== top) continue;
      }
      stack.pop();
      if (known.has(top)) continue;
      open.delete(top);
      known.set(
        top,
        make(top, (name) => (known.has(name) ? known.get(name)! : open.has(name) ? circular : of(name))),
      );
    }
    return known.get(value)!;
  };
  return of;
};
