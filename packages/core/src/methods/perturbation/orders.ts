/** Coalitions along random orders, or all of them, and Shapley values of their scores: see shapley.ts. */
import { sampleOf, zerosLike } from "../../tensor/float.ts";
import type { Attribution, Task } from "../method.ts";
import { askCoalitions, giveToValues, groupNotice, groupsOfTask } from "./coalitions.ts";

/** Columns of a table up to which all coalitions are asked about. */
const EXACT = 12;

/** φ of every group, shared among its values; estimates have their standard errors as `spread`. */
export const shapleyValues = async (task: Task): Promise<Attribution> => {
  const { params, random } = task;
  const permutations = (params.permutations as number) + ((params.permutations as number) % 2);
  const groups = groupsOfTask(task);
  const relevance = zerosLike(task.x);
  const spread = zerosLike(task.x);
  const plans = groups.map(({ count }, n) => {
    const sampled = 2 + permutations * Math.max(0, count - 1);
    // Few columns of a table are no estimate, whatever that costs: there the answer is looked up, not looked at.
    const few = task.kind === "values" && count <= EXACT;
    return few || (count < 31 && 2 ** count <= sampled)
      ? allCoalitions(count)
      : orders(count, permutations, (pair) => random.stream(random.id(n), pair).permutation(count));
  });
  let values: Values = new Values(0);
  await askCoalitions(
    task,
    groups,
    { counts: plans.map(({ asked }) => asked), keep: (n, k, into) => plans[n]!.keep(k, into) },
    (n, k, score) => {
      const plan = plans[n]!;
      if (k === 0) values = new Values(groups[n]!.count);
      plan.take(k, score, values);
      if (k < plan.asked - 1) return;
      giveToValues(groups[n]!, values.means, params.share, sampleOf(relevance, n));
      giveToValues(groups[n]!, values.errors(), params.share, sampleOf(spread, n));
    },
  );
  const exact = plans.every((plan) => plan.exact);
  return { relevance, ...(!exact && { spread }), notices: [groupNotice(groups, params.features)] };
};

/** Means over pairs of orders, and their standard errors (Welford's sums). */
class Values {
  readonly means: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(groups: number) {
    this.means = new Float64Array(groups);
    this.#squares = new Float64Array(groups);
  }

  add(observation: Float64Array): void {
    this.#count++;
    for (let g = 0; g < observation.length; g++) {
      const off = observation[g]! - this.means[g]!;
      this.means[g]! += off / this.#count;
      this.#squares[g]! += off * (observation[g]! - this.means[g]!);
    }
  }

  errors(): Float64Array {
    const n = this.#count;
    return this.#squares.map((sum) => (n > 1 ? Math.sqrt(sum / (n - 1) / n) : 0));
  }
}

interface ShapleyPlan {
  readonly asked: number;
  readonly exact: boolean;
  /** Writes coalition k; `into` is zeros. */
  keep(k: number, into: Uint8Array): void;
  /** Takes v of coalition k; they come in order. */
  take(k: number, score: number, values: Values): void;
}

/** Coalition k has the groups whose bits are set in k. */
const allCoalitions = (count: number): ShapleyPlan => {
  const asked = 2 ** count;
  const scores = new Float64Array(asked);
  return {
    asked,
    exact: true,
    keep: (k, into) => {
      for (let g = 0; g < count; g++) into[g] = (k >> g) & 1;
    },
    take: (k, score, values) => {
      scores[k] = score;
      if (k === asked - 1) values.add(exactly(scores, count));
    },
  };
};

const exactly = (scores: Float64Array, count: number): Float64Array => {
  // |S|! (M − |S| − 1)!/M! = 1/(M · C(M − 1, |S|))
  const weights = new Float64Array(count);
  for (let size = 0, choices = 1; size < count; size++) {
    weights[size] = 1 / (count * choices);
    choices = (choices * (count - 1 - size)) / (size + 1);
  }
  const values = new Float64Array(count);
  for (let set = 0; set < scores.length; set++) {
    let size = 0;
    for (let bits = set; bits > 0; bits &= bits - 1) size++;
    for (let g = 0; g < count; g++)
      if (((set >> g) & 1) === 0) values[g]! += weights[size]! * (scores[set | (1 << g)]! - scores[set]!);
  }
  return values;
};

/** Rows: nothing, everything, then the inner steps of every order. */
const orders = (count: number, permutations: number, drawn: (pair: number) => Uint32Array): ShapleyPlan => {
  const inner = count - 1;
  let known: { readonly permutation: number; readonly order: Uint32Array } | undefined;
  const orderOf = (permutation: number): Uint32Array => {
    if (known?.permutation !== permutation) {
      const order = drawn(permutation >> 1);
      known = { permutation, order: permutation % 2 === 1 ? order.reverse() : order };
    }
    return known.order;
  };
  const observation = new Float64Array(count);
  let [empty, full, before] = [0, 0, 0];
  return {
    asked: 2 + permutations * inner,
    exact: false,
    keep: (k, into) => {
      if (k === 1) into.fill(1);
      if (k < 2) return;
      const order = orderOf(Math.floor((k - 2) / inner));
      for (let i = 0; i <= (k - 2) % inner; i++) into[order[i]!] = 1;
    },
    take: (k, score, values) => {
      if (k === 0) empty = score;
      else if (k === 1) full = score;
      if (k < 2) return;
      const permutation = Math.floor((k - 2) / inner);
      const step = (k - 2) % inner;
      const order = orderOf(permutation);
      if (step === 0) before = empty;
      observation[order[step]!]! += (score - before) / 2;
      before = score;
      if (step < inner - 1) return;
      observation[order[inner]!]! += (full - before) / 2;
      if (permutation % 2 === 0) return;
      values.add(observation);
      observation.fill(0);
    },
  };
};
