/**
 * A leaf is reached by a mixture of x and z where the columns that only x satisfies (A, a of them) come from x and those that only z
 * satisfies (B, b of them) from z. Averaged over all orders of columns, with the leaf's value 1:
 *
 *   i ∈ A: (a−1)! b!/(a+b)!      i ∈ B: −a! (b−1)!/(a+b)!
 *
 * and of pairs, half of which goes to either side of the diagonal:
 *
 *   i, j ∈ A: (a−2)! b!/(a+b−1)!      i, j ∈ B: a! (b−2)!/(a+b−1)!      i ∈ A, j ∈ B: −(a−1)! (b−1)!/(a+b−1)!
 */

/** log n!, exact enough for float32 results. */
const logFactorials = (most: number): Float64Array => {
  const table = new Float64Array(most + 1);
  for (let n = 2; n <= most; n++) table[n] = table[n - 1]! + Math.log(n);
  return table;
};

export type Weight = "a" | "b" | "aa" | "bb" | "ab";

/** By a · (players + 1) + b, 0 where there is no such column or pair; without the sign. */
export const weightTable = (players: number, which: Weight): Float32Array => {
  const log = logFactorials(players);
  const [fromA, fromB] = [[...which].filter((c) => c === "a").length, [...which].filter((c) => c === "b").length];
  const table = new Float32Array((players + 1) ** 2);
  for (let a = fromA; a <= players; a++)
    for (let b = fromB; a + b <= players; b++)
      table[a * (players + 1) + b] = Math.exp(log[a - fromA]! + log[b - fromB]! - log[a + b + 1 - fromA - fromB]!);
  return table;
};
