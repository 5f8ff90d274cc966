/** Things by a key, several of one key in their order. */
export const grouped = <K, T>(pairs: Iterable<readonly [key: K, value: T]>): Map<K, T[]> => {
  const groups = new Map<K, T[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
};
