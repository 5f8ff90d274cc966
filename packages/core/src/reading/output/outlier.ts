/** Scores of what is unusual: one number a sample, of which another output says on which side of a bound it lies, −1 outside and 1 inside. */
import { type GraphNode, opName } from "../../graph/graph.ts";
import { RESHAPES } from "../moves.ts";
import type { Values } from "./interval.ts";
import { originsOf } from "./monotone.ts";

interface Asked {
  readonly output: string;
  readonly outputs: readonly string[];
}

/** 1: what lies above the bound is outside, −1: what lies below; undefined: no other output is its side. */
export const sideOf = ({ output, outputs }: Asked, values: Values): 1 | -1 | undefined => {
  const own = originsOf(output, values);
  for (const other of outputs) {
    const step = other === output ? undefined : stepOf(other, own, values);
    if (step?.below === -1 && step.above === 1) return -1;
    if (step?.below === 1 && step.above === -1) return 1;
  }
  return undefined;
};

/** A value that takes one number where the score is small and another where it is large. */
interface Step {
  readonly below: number;
  readonly above: number;
}

const BELOW = new Set(["Less", "LessOrEqual"]);
const ABOVE = new Set(["Greater", "GreaterOrEqual"]);

const stepOf = (value: string, own: ReadonlyMap<string, 1 | -1>, values: Values): Step | undefined => {
  const then: ((x: number) => number)[] = [];
  for (let name = value; ; ) {
    const node = values.producer(name);
    const first = node && firstStep(node, own, values);
    if (first !== undefined) return changed(first, (x) => then.reduceRight((y, f) => f(y), x));
    const next = node && nextStep(node, values);
    if (next === undefined) return undefined;
    then.push(next.change);
    name = next.input;
  }
};

/** The sign of the score, or the comparison with the bound. */
const firstStep = (node: GraphNode, own: ReadonlyMap<string, 1 | -1>, values: Values): Step | undefined => {
  const [a, b] = node.input as [string, string?];
  const op = opName(node);
  if (op === "Sign") return steps({ below: -1, above: 1 }, growthOf(a, own, values));
  if (!BELOW.has(op) && !ABOVE.has(op)) return undefined;
  const left = values.facts.isConstant(b!);
  const up = ABOVE.has(op) === left ? { below: 0, above: 1 } : { below: 1, above: 0 };
  return values.facts.isConstant(a) === left ? undefined : steps(up, growthOf(left ? a : b!, own, values));
};

interface Next {
  readonly input: string;
  change(x: number): number;
}

/** What becomes of the two numbers. */
const nextStep = (node: GraphNode, { facts }: Values): Next | undefined => {
  const [a, b] = node.input as [string, string?];
  const op = opName(node);
  if (RESHAPES.has(op)) return { input: a, change: (x) => x };
  if (op === "Not") return { input: a, change: (x) => 1 - x };
  if (op === "Neg") return { input: a, change: (x) => -x };
  const [left, right] = [facts.scalar(a), facts.scalar(b)];
  if (op === "Where") {
    const no = facts.scalar(node.input[2]);
    return right === undefined || no === undefined ? undefined : { input: a, change: (x) => (x === 1 ? right : no) };
  }
  const f = ARITHMETIC[op];
  if (f === undefined || b === undefined) return undefined;
  if (right !== undefined) return { input: a, change: (x) => f(x, right) };
  return left === undefined ? undefined : { input: b, change: (x) => f(left, x) };
};

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
};

/** How a value moves with the score: both go back to one. */
const growthOf = (value: string, own: ReadonlyMap<string, 1 | -1>, values: Values): 1 | -1 | undefined => {
  for (const [name, sign] of originsOf(value, values)) {
    const other = own.get(name);
    if (other !== undefined) return (sign * other) as 1 | -1;
  }
  return undefined;
};

const steps = ({ below, above }: Step, growth: 1 | -1 | undefined): Step | undefined =>
  growth === undefined ? undefined : growth > 0 ? { below, above } : { below: above, above: below };

const changed = ({ below, above }: Step, f: (x: number) => number): Step => ({ below: f(below), above: f(above) });
