/**
 * Einsum equations: "bij,bkj->bik". Labels of each operand and of the result, one a string per axis; "..." stands for the axes that are
 * left, aligned at their ends. Without "->" the result has the "..." axes and then the labels that occur once, in alphabetical order.
 */
import { maxOf } from "../numeric/extremes.ts";
export interface Equation {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

export const parseEquation = (text: string, ranks: readonly number[]): Equation => {
  const [left = "", right] = text.replaceAll(" ", "").split("->");
  const spare = [...ALPHABET].filter((letter) => !text.includes(letter));
  const terms = left.split(",");
  const hidden = terms.map((term, k) => (term.includes("...") ? ranks[k]! - (term.length - 3) : 0));
  const shared = spare.slice(0, maxOf(hidden, 0));
  const labels = (term: string, count: number): string[] => {
    const [before = "", after] = term.split("...");
    return after === undefined ? [...before] : [...before, ...shared.slice(shared.length - count), ...after];
  };
  const inputs = terms.map((term, k) => labels(term, hidden[k]!));
  if (right !== undefined) return { inputs, output: labels(right, shared.length) };
  const all = inputs.flat().filter((label) => !shared.includes(label));
  const once = [...new Set(all)].filter((label) => all.indexOf(label) === all.lastIndexOf(label));
  return { inputs, output: [...shared, ...once.sort()] };
};

export const equationText = (inputs: readonly (readonly string[])[], output: readonly string[]): string =>
  `${inputs.map((labels) => labels.join("")).join()}->${output.join("")}`;
