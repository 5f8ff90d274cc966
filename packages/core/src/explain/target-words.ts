/** What a target says in words: a class by index or label, the winner, the top K, a list of classes, `A minus B`. */
import type { Target } from "../emit/index.ts";
import { fail } from "../errors.ts";
import { findLabel } from "../input/index.ts";

/** Several classes explained in one run, one map each. */
export interface TargetList {
  readonly list: readonly (string | number)[];
}

/** A target, and the class it is explained against. */
export interface Read {
  readonly target: Target;
  /** Of `A minus B`: B. */
  readonly against?: readonly number[];
}

type Labels = readonly string[] | undefined;

/** `indices`: what an index can be, in words. Errors: BadTarget. */
export const readTarget = (
  target: string | number | TargetList = "top",
  labels: Labels = undefined,
  indices: () => string = () => "it is a whole number",
): Read => {
  if (typeof target === "object") {
    if (target.list.length === 0) throw fail("BadTarget", { what: "a list without classes", fix: "name one" });
    return { target: { kind: "list", index: target.list.map((one) => classIndex(one, labels, indices)) } };
  }
  if (typeof target === "number") return { target: { kind: "index", index: [target] } };
  if (target === "top" || target === "argmax") return { target: { kind: "argmax" } };
  if (target === "input") return { target: { kind: "input" } };
  const top = /^top:(.*)$/.exec(target)?.[1];
  if (top !== undefined) {
    const k = Number(top);
    if (!Number.isInteger(k) || k < 1)
      throw fail("BadTarget", { what: `target '${target}'`, fix: "top:K takes a whole number, as in top:5" });
    return { target: { kind: "top", k } };
  }
  if (labels?.includes(target)) return { target: { kind: "index", index: [labels.indexOf(target)] } };
  const two = pairOf(target);
  if (two === undefined) return { target: { kind: "index", index: classIndex(target, labels, indices) } };
  const [a, b] = two.map((one) => classIndex(one, labels, indices)) as [readonly number[], readonly number[]];
  if (a.join() === b.join()) throw fail("BadTarget", { what: `target '${target}'`, why: "both are one class", fix: "name two" });
  return { target: { kind: "index", index: a }, against: b };
};

/** `A minus B` and `contrast:A|B`, as two texts; what stands in quotes is one word. */
export const pairOf = (text: string): readonly [string, string] | undefined => {
  const bare = withoutQuoted(text);
  const found = /^(contrast:)(.+)(\|)(.+)$/s.exec(bare) ?? /^()(.+?)( minus )(.+)$/s.exec(bare);
  if (found === null) return undefined;
  const [, before, a, between] = found as unknown as [string, string, string, string];
  const from = before.length + a.length;
  return [text.slice(before.length, from).trim(), text.slice(from + between.length).trim()];
};

/** The same length, with other letters between quotes. */
export const withoutQuoted = (text: string): string => text.replace(/"[^"]*"/g, (quoted) => `"${"_".repeat(quoted.length - 2)}"`);

/** Indices, one for each axis: an exact label wins over a number; `index:` and `label:` say which is meant. */
export const classIndex = (
  target: string | number,
  labels: Labels,
  indices: () => string = () => "it is a whole number",
): readonly number[] => {
  if (typeof target === "number") return [target];
  const forced = /^(index|label):(.*)$/s.exec(target);
  const text = forced?.[2] ?? target;
  if (forced?.[1] !== "index" && labels?.includes(text)) return [labels.indexOf(text)];
  if (forced?.[1] !== "label" && /^-?\d+(,-?\d+)*$/.test(text)) return text.split(",").map(Number);
  if (!labels || forced?.[1] === "index")
    throw fail("BadTarget", {
      what: `target '${target}'`,
      why: forced?.[1] === "index" ? "an index is a whole number, or one for each axis" : "this model comes without labels",
      fix: `give the class as an index: ${indices()}`,
    });
  return [findLabel(labels, text)];
};
