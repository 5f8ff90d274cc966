/** What a value grows or falls with: the numbers behind shifts, scales and roots. */
import { type GraphNode, opName } from "../../graph/graph.ts";
import { RESHAPES } from "../moves.ts";
import type { Values } from "./interval.ts";

const GROWING = new Set(["Sqrt", "Exp", "Log"]);

/** The value itself and what it is a function of that only grows (1) or only falls (−1). */
export const originsOf = (value: string, values: Values): ReadonlyMap<string, 1 | -1> => {
  const found = new Map<string, 1 | -1>([[value, 1]]);
  for (let [name, sign] = [value, 1 as 1 | -1]; ; ) {
    const node = values.producer(name);
    const step = node === undefined ? undefined : stepOf(node, values);
    if (step === undefined || found.has(step.input)) return found;
    [name, sign] = [step.input, (sign * step.sign) as 1 | -1];
    found.set(name, sign);
  }
};

const stepOf = (node: GraphNode, { facts }: Values): { readonly input: string; readonly sign: 1 | -1 } | undefined => {
  const [a, b] = node.input as [string, string?];
  const op = opName(node);
  if (GROWING.has(op) || RESHAPES.has(op)) return { input: a, sign: 1 };
  if (op === "Neg") return { input: a, sign: -1 };
  if (b === undefined || facts.isConstant(a) === facts.isConstant(b)) return undefined;
  const [input, other] = facts.isConstant(b) ? [a, b] : [b, a];
  if (op === "Add") return { input, sign: 1 };
  if (op === "Sub") return { input, sign: input === a ? 1 : -1 };
  const factor = facts.scalar(other) ?? 0;
  return factor !== 0 && (op === "Mul" || (op === "Div" && input === a)) ? { input, sign: factor > 0 ? 1 : -1 } : undefined;
};
