/** Seeds a second time, in float64 on plain numbers: v = ∂(explained score)/∂z. */
export type Seed = "logit" | "log-odds" | "half-log-odds";
export const SEEDS: readonly Seed[] = ["logit", "log-odds", "half-log-odds"];

/** Of one row of logits that compete with each other; two classes have whole log-odds for half ones. */
export const direction = (seed: Seed, z: readonly number[], t: number): readonly number[] => {
  const most = Math.max(...z.filter((_, j) => j !== t));
  const rest = z.map((v, j) => (j === t ? 0 : Math.exp(v - most)));
  const sum = rest.reduce((a, b) => a + b, 0);
  const share = { logit: 0, "half-log-odds": z.length === 2 ? 1 : 0.5, "log-odds": 1 }[seed];
  return rest.map((e, j) => (j === t ? 1 : (-share * e) / sum));
};

/** Σ_j v_j M_j: relevance is linear in what it starts from. */
export const combined = (v: readonly number[], maps: readonly (readonly number[])[]): number[] =>
  maps[0]!.map((_, i) => v.reduce((sum, one, j) => sum + one * maps[j]![i]!, 0));
