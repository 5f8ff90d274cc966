/**
 * Relevance through recurrent layers, a second time: Arras et al. 2017 in float64, written for one sample with dense loops.
 * Linear layers and sums by ε, tanh passes, a product of a gate and a signal gives all to the signal.
 */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/compare.ts";
import { stab } from "../../../test/support/dense.ts";
import { explain, model, noise, numbers } from "../../../test/support/run.ts";
import type { TensorProto } from "../../onnx/proto.ts";
import { readFloats } from "../../onnx/tensors.ts";
import type { Recipe } from "../../plan/index.ts";

const [T, I, H, EPSILON] = [3, 2, 3, 1e-3];
type Vector = readonly number[];
type Matrix = readonly Vector[];

/** y = Wx + b and the ε rule on it; biases keep their share. */
const linear = (w: Matrix, b: Vector, x: Vector) => {
  const y = w.map((row, j) => row.reduce((z, v, i) => z + v * x[i]!, b[j]!));
  const back = (r: Vector): Vector =>
    x.map((v, i) => w.reduce((total, row, j) => total + ((row[i]! * v) / stab(y[j]!, EPSILON)) * r[j]!, 0));
  return { y, back };
};
/** a + b, in proportion. */
const shares = (a: Vector, b: Vector, r: Vector): readonly [Vector, Vector] => {
  const of = (part: Vector) => part.map((v, i) => (v / stab(a[i]! + b[i]!, 1e-6)) * r[i]!);
  return [of(a), of(b)];
};
const sigmoid = (x: Vector) => x.map((v) => 1 / (1 + Math.exp(-v)));
const tanh = (x: Vector) => x.map(Math.tanh);
const times = (a: Vector, b: Vector) => a.map((v, i) => v * b[i]!);
const plus = (a: Vector, b: Vector) => a.map((v, i) => v + b[i]!);
const zeros = (n: number): Vector => Array.from({ length: n }, () => 0);

interface Weights {
  /** [W, R] of one direction, by gate. */
  readonly joint: readonly Matrix[];
  readonly w: readonly Matrix[];
  readonly r: readonly Matrix[];
  readonly wb: readonly Vector[];
  readonly rb: readonly Vector[];
}

const weightsOf = (initializers: readonly TensorProto[], gates: number, d: number): Weights => {
  const flat = (name: string) => Array.from(readFloats(initializers.find((t) => t.name === name)!));
  const matrices = (name: string, width: number): Matrix[] =>
    Array.from({ length: gates }, (_, k) =>
      Array.from({ length: H }, (_, j) => {
        const start = ((d * gates + k) * H + j) * width;
        return flat(name).slice(start, start + width);
      }),
    );
  const bias = (half: number) =>
    Array.from({ length: gates }, (_, k) => {
      const start = ((d * 2 + half) * gates + k) * H;
      return flat("B").slice(start, start + H);
    });
  const [w, r] = [matrices("W", I), matrices("R", H)];
  return { w, r, joint: w.map((rows, k) => rows.map((row, j) => [...row, ...r[k]![j]!])), wb: bias(0), rb: bias(1) };
};

/** The last state over the inputs in the order given, and how its relevance goes back to them. */
interface Walk {
  readonly last: Vector;
  back(r: Vector): readonly Vector[];
}

const lstm = ({ joint, wb, rb }: Weights, xs: readonly Vector[]): Walk => {
  let [h, c] = [zeros(H), zeros(H)];
  const backs: ((rh: Vector, rc: Vector) => { x: Vector; h: Vector; c: Vector })[] = [];
  for (const x of xs) {
    const [i, o, f, g] = joint.map((w, k) => linear(w, plus(wb[k]!, rb[k]!), [...x, ...h])) as [
      ReturnType<typeof linear>,
      ReturnType<typeof linear>,
      ReturnType<typeof linear>,
      ReturnType<typeof linear>,
    ];
    const kept = times(sigmoid(f.y), c);
    const fresh = times(sigmoid(i.y), tanh(g.y));
    const cell = plus(kept, fresh);
    backs.push((rh, rc) => {
      const [toKept, toFresh] = shares(kept, fresh, plus(rh, rc)); // o ⊙ tanh(c′): all of R_h to c′
      const back = g.back(toFresh);
      return { x: back.slice(0, I), h: back.slice(I), c: toKept };
    });
    [h, c] = [times(sigmoid(o.y), tanh(cell)), cell];
  }
  return {
    last: h,
    back: (r) => {
      let [rh, rc] = [r, zeros(H)];
      return backs
        .reverse()
        .map((step) => {
          const went = step(rh, rc);
          [rh, rc] = [went.h, went.c];
          return went.x;
        })
        .reverse();
    },
  };
};

/** With the reset gate behind the product. */
const gru = ({ joint, w, r, wb, rb }: Weights, xs: readonly Vector[]): Walk => {
  let h = zeros(H);
  const backs: ((rh: Vector) => { x: Vector; h: Vector })[] = [];
  for (const x of xs) {
    const gate = (k: number) => sigmoid(linear(joint[k]!, plus(wb[k]!, rb[k]!), [...x, ...h]).y);
    const [z, reset] = [gate(0), gate(1)];
    const [u, m] = [linear(w[2]!, wb[2]!, x), linear(r[2]!, rb[2]!, h)];
    const late = times(reset, m.y);
    const fresh = times(
      z.map((v) => 1 - v),
      tanh(plus(u.y, late)),
    );
    const kept = times(z, h);
    backs.push((rh) => {
      const [toFresh, toKept] = shares(fresh, kept, rh);
      const [toInput, toLate] = shares(u.y, late, toFresh);
      return { x: u.back(toInput), h: plus(toKept, m.back(toLate)) };
    });
    h = plus(fresh, kept);
  }
  return {
    last: h,
    back: (relevance) => {
      let rh = relevance;
      return backs
        .reverse()
        .map((step) => {
          const went = step(rh);
          rh = went.h;
          return went.x;
        })
        .reverse();
    },
  };
};

const text = (op: "LSTM" | "GRU", gates: number, attributes = "") => `net (float[${T},N,${I}] x) => (float[] logits)
  <float[2,${gates * H},${I}] W = random(1), float[2,${gates * H},${H}] R = random(2), float[2,${2 * gates * H}] B = random(3),
   float[${2 * H},2] V = random(4), int64[2] flat = {-1,${2 * H}}> {
  y, h = ${op} <hidden_size=${H}, direction="bidirectional"${attributes}> (x, W, R, B)
  t = Transpose <perm=[1,0,2]> (h) f = Reshape(t, flat) logits = MatMul(f, V) }`;

describe("a bidirectional classifier, against Arras et al. in float64", () => {
  for (const [op, gates, attributes, walk] of [
    ["LSTM", 4, "", lstm],
    ["GRU", 3, ", linear_before_reset=1", gru],
  ] as const)
    test(op, async () => {
      const source = text(op, gates, attributes);
      const x = noise([T, 1, I], 17, 3);
      const recipe: Recipe = { rules: [{ match: {}, rule: { name: "epsilon", epsilon: EPSILON } }] };
      const { relevance, compiled, out } = await explain(source, { x }, { recipe, target: { kind: "index", index: [1] } });

      const { initializer } = model(source).graph;
      const xs = Array.from({ length: T }, (_, t) => numbers(x).slice(t * I, (t + 1) * I));
      const forward = walk(weightsOf(initializer, gates, 0), xs);
      const backward = walk(weightsOf(initializer, gates, 1), [...xs].reverse());
      const v = Array.from(readFloats(initializer.find((t) => t.name === "V")!));
      const head = linear(
        [0, 1].map((k) => v.filter((_, i) => i % 2 === k)),
        [0, 0],
        [...forward.last, ...backward.last],
      );
      expectClose(numbers(out.logits), head.y, 1e-5);
      const r = head.back([0, 1]);
      const [one, two] = [forward.back(r.slice(0, H)), [...backward.back(r.slice(H))].reverse()];
      expectClose(
        relevance,
        one.flatMap((step, t) => plus(step, two[t]!)),
        1e-4,
      );
      expect(compiled.plan.steps.filter((step) => step.rule.name === "uniform")).toEqual([]);
    });
});
