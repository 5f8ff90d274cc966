/**
 * `answer`: where a model of question answering lets the answer begin and end, the sum of both log-odds among all positions; the likeliest
 * span that begins before it ends. `answer:a..b` names the positions of its first and last token.
 */
import { fail } from "../../errors.ts";
import type { Aim, Beside } from "../../oracle/aim.ts";
import { answerIn } from "../answers.ts";
import type { LoadedModel } from "../loaded.ts";
import type { Request, TargetKind } from "./kind.ts";
import type { Scene } from "./scene.ts";
import { idsOf, maskOf } from "./sequence.ts";

/** Tokens of an answer at most, where nobody names it. */
const LONGEST = 30;

export const answer: TargetKind = {
  form: "answer",
  read: (text) => {
    const [whole, between] = /^answer(?::(.*))?$/s.exec(text) ?? [];
    if (whole === undefined) return undefined;
    if (between === undefined) return likeliestAnswer;
    const [, from, to] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(between) ?? [];
    if (from === undefined || Number(to) < Number(from))
      throw fail("BadTarget", { what: `target '${text}'`, fix: "give the positions of its first and last token: answer:a..b" });
    return answerAt([Number(from), Number(to)]);
  },
};

/** The value with both ends; undefined for models of other tasks. */
export const answerOf = (lit: LoadedModel): string | undefined => answerIn(lit.model);

type Ends = readonly [begin: number, end: number];

/** The likeliest where nobody names one. */
const answerAt = (named?: Ends): Request => ({
  output: (lit) => {
    const value = answerOf(lit);
    if (value !== undefined) return value;
    throw fail("BadTarget", {
      what: "target 'answer'",
      why: "the model has no outputs for where an answer begins and where it ends",
      fix: "name a class or a position",
    });
  },
  find: async (scene) => [Array.from({ length: scene.samples }, (_, n) => aimAt(scene, n, named))],
});

export const likeliestAnswer: Request = answerAt();

const aimAt = (scene: Scene, n: number, named: Ends | undefined): Aim => {
  const length = scene.sizes[0]!;
  if (named !== undefined && named[1] >= length)
    throw fail("BadTarget", {
      what: `target 'answer:${named.join("..")}'`,
      why: `positions run from 0 to ${length - 1}`,
    });
  const p = probabilities(scene, n, length);
  const likely = likeliest(p, contextOf(scene, n, length), length);
  const [begin, end] = named ?? likely[0] ?? [0, 0];
  const own = (one: Ends) => one[0] === begin && one[1] === end;
  const all = likely.some(own) ? likely : [...likely, [begin, end] as const];
  const ids = idsOf(scene, length);
  const words = ([from, to]: Ends): string => {
    const { tokens } = scene.lit.options;
    if (ids === undefined || tokens === undefined) return "";
    const said = Array.from({ length: to - from + 1 }, (_, i) => tokens.decode(ids(n, from + i)).trim());
    return ` (${said.join(" ")})`;
  };
  const nameOf = (one: Ends) => `answer:${one.join("..")}${words(one)}`;
  return {
    name: nameOf([begin, end]),
    of: "class",
    places: [
      { at: 2 * begin, weight: 1 },
      { at: 2 * end + 1, weight: 1 },
    ],
    found: { begin, end },
    beside: all.map(
      (one): Beside => ({
        name: nameOf(one),
        target: `answer:${one.join("..")}`,
        probability: p(one[0], 0) * p(one[1], 1),
        ...(own(one) && { own: true }),
      }),
    ),
  };
};

/** Of a position as the beginning (column 0) or the end: a softmax over all positions. */
const probabilities = ({ values, samples }: Scene, n: number, length: number) => {
  const from = n * (values.data.length / samples);
  const columns = ([0, 1] as const).map((column) => {
    const z = Array.from({ length }, (_, at) => values.data[from + 2 * at + column]!);
    const peak = z.reduce((a, b) => Math.max(a, b));
    const e = z.map((one) => Math.exp(one - peak));
    const sum = e.reduce((a, b) => a + b);
    return e.map((one) => one / sum);
  });
  return (position: number, column: 0 | 1): number => columns[column]![position]!;
};

const MOST = 5;

/** Spans of the text, best first. */
const likeliest = (
  p: (position: number, column: 0 | 1) => number,
  allowed: (position: number) => boolean,
  length: number,
): readonly Ends[] => {
  const best: { readonly ends: Ends; readonly p: number }[] = [];
  for (let begin = 0; begin < length; begin++)
    for (let end = begin; end < Math.min(length, begin + LONGEST) && allowed(begin) && allowed(end); end++) {
      const both = p(begin, 0) * p(end, 1);
      const after = best.findIndex((one) => both > one.p);
      best.splice(after < 0 ? best.length : after, 0, { ends: [begin, end], p: both });
      best.length = Math.min(best.length, MOST);
    }
  return best.map(({ ends }) => ends);
};

/** Of two texts, as special tokens part them, the second: the first is the question. */
const contextOf = (scene: Scene, n: number, length: number): ((position: number) => boolean) => {
  const ids = idsOf(scene, length);
  const holds = maskOf(scene, length);
  const { special } = scene.lit.options.tokens ?? {};
  const text = (at: number) => holds?.(n, at) !== 0 && !(ids !== undefined && special?.(ids(n, at)) === true);
  const first = Array.from({ length }, (_, at) => at).findIndex(text);
  const behind = Array.from({ length }, (_, at) => at).find((at) => at > first + 1 && text(at) && !text(at - 1));
  return (at) => text(at) && (behind === undefined || at >= behind);
};
