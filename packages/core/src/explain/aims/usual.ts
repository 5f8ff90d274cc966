/** What is explained when nobody names a target, by what the output is. */
import { fail } from "../../errors.ts";
import type { Aim } from "../../oracle/aim.ts";
import { scoresOf } from "../../oracle/score.ts";
import { SPATIAL } from "../../reading/index.ts";
import { sampleOf } from "../../tensor/float.ts";
import { classesBeside } from "./beside.ts";
import type { Request } from "./kind.ts";
import { isLanguage, isSequence, rolesOf, type Seen } from "./language.ts";
import { meanAim } from "./placed.ts";
import { largestRegion } from "./region.ts";
import type { Scene } from "./scene.ts";
import { sequenceOf } from "./sequence.ts";
import { masksOf, usualPlaceOf } from "./token.ts";

interface Usual {
  is(seen: Seen): boolean;
  /** And why, in words. */
  take(scene: Scene): { readonly request: Request; readonly why: string };
}

/** Several classes at the positions of a picture. */
const segmentation: Usual = {
  is: (seen) => {
    const { plan, wide } = seen;
    const space = rolesOf(seen).filter(({ role }, axis) => SPATIAL.includes(role) && role !== "time" && wide[axis]);
    return plan.reading.classes && plan.reading.classAxis !== undefined && space.length >= 2;
  },
  take: ({ sizes, scoring }) => ({
    request: largestRegion,
    why: `the output has classes at ${sizes.filter((size, axis) => axis !== scoring.classAxis && size !== 1).join("×")} positions, and this is the mean over the largest class's, background left out`,
  }),
};

const language: Usual = {
  is: isLanguage,
  take: (scene) => {
    if (masksOf(scene) !== undefined) return { request: usualPlaceOf("top"), why: "the winner where the mask stands" };
    const continued =
      scene.lit.options.tokens?.mask === undefined || Object.keys(scene.feeds).some((name) => /decoder/i.test(name));
    const none = continued ? "" : ", as no mask token stands in the text";
    return { request: usualPlaceOf("top"), why: `the winner at the last token that is no padding${none}` };
  },
};

/** Labels of tokens, and of frames of sound: the most certain that says something. */
const labelling: Usual = {
  is: isSequence,
  take: (scene) => {
    const { labels } = scene.lit.options;
    const frames = rolesOf(scene).some(({ role }) => role === "time");
    const nothing = labels === undefined ? (frames ? 0 : undefined) : labels.findIndex((label) => NOTHING.test(label));
    const at = Array.from({ length: scene.samples }, (_, n) => mostCertain(scene, n, nothing));
    const left = nothing === undefined || nothing < 0 ? "" : `, ${labels?.[nothing] ?? "blank (class 0)"} left out`;
    return { request: winnerAt(at), why: `the most certain of its ${frames ? "frames" : "tokens"}${left}` };
  },
};

/** Outside of everything; blank between two letters. */
const NOTHING = /^(O|<?blank>?|<?pad>?|\[PAD\]|_|ε)$/i;

const mostCertain = (scene: Scene, n: number, nothing: number | undefined): number => {
  const { values, sizes, scoring } = scene;
  const { grid, length, holds, special } = sequenceOf(scene);
  const own = sampleOf(values, n);
  const certainty = Array.from({ length }, (_, at) => {
    const winner = grid.winner(n, at);
    const p = scoresOf(own, sizes, [grid.place(winner, at).at], scoring.classes ? "probability" : "logit", scoring);
    // Labels of [CLS] and [SEP] are nobody's question.
    return { at, rank: !holds(n, at) || special(n, at) ? 0 : winner === nothing ? 1 : 2, p };
  });
  return certainty.sort((a, b) => b.rank - a.rank || b.p - a.p || a.at - b.at)[0]!.at;
};

const winnerAt = (at: readonly number[]): Request => ({
  find: async (scene) => {
    const { grid } = sequenceOf(scene);
    const aims = at.map((position, n): Aim => {
      const winner = grid.winner(n, position);
      const where = `position:${position}`;
      const name = `${scene.nameOf(winner)}@${where}`;
      const beside = classesBeside(scene, grid, { n, position, where, own: winner });
      return meanAim(scene, {
        name,
        places: [grid.place(winner, position)],
        found: { position, taken: "the most certain" },
        beside,
      });
    });
    return [aims];
  },
});

/** Numbers that mean something in pairs of inputs only. */
const embedding: Usual = {
  is: ({ plan }) => /embed/i.test(plan.output) && plan.reading.guessed,
  take: ({ plan }) => {
    throw fail("BadTarget", {
      what: "no target",
      why: `output '${plan.output}' is an embedding: none of its numbers is a class`,
      fix: "compare two inputs with --target pair:FILE (explainPair), or name a number by its index",
    });
  },
};

/** In the order in which they are tried. */
export const USUAL: readonly Usual[] = [embedding, segmentation, language, labelling];
