/**
 * A token at a position: `CLASS@position:P`, `CLASS@last` (the last that is no padding), `token:"text"@…`, by itself where the mask stands
 * or at the last; and `span:a..b`, the sum of log-probabilities of the tokens that stand at a to b, each read at the position before.
 */
import { fail } from "../../errors.ts";
import type { Aim } from "../../oracle/aim.ts";
import { positionOf } from "./grid.ts";
import type { Request, TargetKind } from "./kind.ts";
import { type Placed, placedAims } from "./placed.ts";
import { type Scene, scoreAt } from "./scene.ts";
import { type Sequence, sequenceOf } from "./sequence.ts";
import { tokenOf } from "./token-words.ts";

export const position: TargetKind = {
  form: "CLASS@position:P",
  read: (text) => {
    const [, words, at] = /^(.+)@position:(.*)$/s.exec(text) ?? [];
    if (words === undefined) return undefined;
    if (!/^\d{1,9}$/.test(at!))
      throw fail("BadTarget", { what: `target '${text}'`, fix: "give a position counted from 0: CLASS@position:P" });
    return at1(words, `position:${at}`, ({ grid }) => positionOf(grid, [Number(at)], `target '${text}'`));
  },
};

export const last: TargetKind = {
  form: "CLASS@last",
  read: (text) => {
    const words = /^(.+)@last$/s.exec(text)?.[1];
    return words === undefined ? undefined : lastOf(words);
  },
};

export const token: TargetKind = {
  form: 'token:"text"',
  read: (text) => (/^(contrast:)?token:./s.test(text) ? usualPlaceOf(text) : undefined),
};

/** At the last position that is no padding. */
const lastOf = (words: string): Request => at1(words, "last", (sequence, n) => sequence.last(n));

/** Where the mask stands; where none does, at the last that is no padding. */
export const usualPlaceOf = (words: string): Request => ({
  find: (scene) => {
    const masks = masksOf(scene);
    if (masks === undefined) return lastOf(words).find(scene);
    return at1(
      words,
      (n) => `position:${masks[n]}`,
      (_, n) => masks[n]!,
      { taken: "the mask" },
    ).find(scene);
  },
});

/** The first mask of each sample; undefined where one has none. */
export const masksOf = (scene: Scene): readonly number[] | undefined => {
  const mask = scene.lit.options.tokens?.mask;
  if (mask === undefined) return undefined;
  const { length, token } = sequenceOf(scene);
  const at = Array.from({ length: scene.samples }, (_, n) =>
    Array.from({ length }, (_, position) => position).findIndex((position) => token(n, position) === mask),
  );
  return at.every((position) => position >= 0) ? at : undefined;
};

const at1 = (
  words: string,
  where: Placed["where"],
  choose: (sequence: Sequence, sample: number) => number,
  found: object = {},
): Request => ({
  ...(words.startsWith("top:") && { several: true as const }),
  find: async (scene) => {
    const sequence = sequenceOf(scene);
    return placedAims(scene, {
      words,
      where,
      classOf: (one) => tokenOf(scene, one) ?? scene.classOf(one),
      spot: (_, n) => {
        const at = choose(sequence, n);
        return { positions: [at], found: { position: at, ...found } };
      },
    });
  },
});

export const span: TargetKind = {
  form: "span:a..b",
  read: (text) => {
    const between = /^span:(.*)$/s.exec(text)?.[1];
    if (between === undefined) return undefined;
    const [, from, to] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(between) ?? [];
    const [a, b] = [Number(from), Number(to)];
    if (from === undefined || a < 1 || b < a)
      throw fail("BadTarget", {
        what: `target '${text}'`,
        why: "each token is read at the position before it",
        fix: "give the positions of the first and the last token, from 1 on: span:a..b",
      });
    return { find: async (scene) => spanAims(scene, { a, b, text }), perStep: async (scene) => stepAims(scene, { a, b, text }) };
  },
};

interface Span {
  readonly a: number;
  readonly b: number;
  readonly text: string;
}

const spanAims = (scene: Scene, { a, b, text }: Span): readonly (readonly Aim[])[] => {
  const sequence = sequenceOf(scene);
  return [Array.from({ length: scene.samples }, (_, n) => tokensAim(scene, sequence, n, { a, b, text }))];
};

/** One map a token, at most 64 unless more are asked for. Errors: BadTarget. */
const stepAims = (scene: Scene, { a, b, text }: Span): readonly (readonly Aim[])[] => {
  const { perStep } = scene.options;
  const most = typeof perStep === "number" ? perStep : STEPS;
  const count = b - a + 1;
  if (count > most)
    throw fail("BadTarget", {
      what: `target '${text}' step by step`,
      why: `these are ${count} maps, and ${most} are made unless asked for`,
      fix: `name fewer tokens, or ask for ${count} (perStep: ${count})`,
    });
  const sequence = sequenceOf(scene);
  return Array.from({ length: count }, (_, k) =>
    Array.from({ length: scene.samples }, (_, n) => tokensAim(scene, sequence, n, { a: a + k, b: a + k, text })),
  );
};

const STEPS = 64;

const tokensAim = (scene: Scene, { grid, length, holds, token }: Sequence, n: number, { a, b, text }: Span): Aim => {
  if (b >= length) throw fail("BadTarget", { what: `target '${text}'`, why: `positions run from 0 to ${length - 1}` });
  if (!holds(n, a - 1) || !holds(n, b))
    throw fail("BadTarget", {
      what: `target '${text}'`,
      why: `sample ${n} has padding there`,
      fix: "name positions of its text",
    });
  const tokens = Array.from({ length: b - a + 1 }, (_, k) => token(n, a + k));
  const name = a === b ? `token:${JSON.stringify(scene.nameOf(tokens[0]!))}@position:${a - 1}` : `span:${a}..${b}`;
  const places = tokens.map((id, k) => ({ ...grid.place(id, a + k - 1), weight: 1 }));
  const probability = Math.exp(scoreAt(scene, n, { places, of: "log-probability", name }));
  return {
    places,
    of: "log-probability",
    name,
    found: { tokens },
    beside: [{ name, probability, own: true }],
  };
};
