/** What is explained when nobody names a target, by what the output is. */
import { fail } from "../../errors.ts";
import type { Shape } from "../../graph/facts.ts";
import type { Aim } from "../../oracle/aim.ts";
import { scoresOf } from "../../oracle/score.ts";
import type { Plan } from "../../plan/index.ts";
import { type Reading, SPATIAL } from "../../reading/index.ts";
import { classesBeside } from "./beside.ts";
import type { Request } from "./kind.ts";
import { meanAim } from "./placed.ts";
import { largestRegion } from "./region.ts";
import type { Scene } from "./scene.ts";
import { sequenceOf } from "./sequence.ts";
import { lastOf } from "./token.ts";

interface Seen {
  readonly plan: Plan;
  readonly reading: Reading;
  /** Which axes after the batch are longer than 1. */
  readonly wide: readonly boolean[];
  shape(value: string): Shape | undefined;
}

interface Usual {
  is(seen: Seen): boolean;
  /** And why, in words. */
  take(scene: Scene): { readonly request: Request; readonly why: string };
}

const rolesOf = ({ plan, reading }: Pick<Seen, "plan" | "reading">) =>
  (reading.axes.of(plan.start) ?? []).filter((_, axis) => axis !== plan.batchAxis);

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

/** Classes at the positions of a sequence. */
const isSequence = (seen: Seen): boolean => {
  const { plan, wide } = seen;
  const { classAxis, classes } = plan.reading;
  if (!classes || classAxis === undefined || plan.batchAxis === undefined) return false;
  const own = classAxis - Number(classAxis > plan.batchAxis);
  const places = rolesOf(seen).filter((_, axis) => axis !== own && wide[axis]);
  return places.length === 1 && wide.filter(Boolean).length === 2 && ["token", "time"].includes(places[0]!.role);
};

/** As many classes as the table has rows in which tokens are looked up. */
const isLanguage = (seen: Seen): boolean => {
  if (!isSequence(seen)) return false;
  const { plan, shape } = seen;
  const size = shape(plan.start)?.[plan.reading.classAxis!];
  return size !== null && size !== undefined && tableRows(seen).includes(size);
};

const tableRows = ({ plan }: Seen): readonly number[] =>
  plan.takes.explained.flatMap(({ value, why }) => {
    const rows = /^rows of a table of (\d+)/.exec(why)?.[1];
    return plan.explained.includes(value) && rows !== undefined ? [Number(rows)] : [];
  });

const language: Usual = {
  is: isLanguage,
  take: (scene) => {
    const mask = scene.lit.options.tokens?.mask;
    const sequence = sequenceOf(scene);
    const masked = Array.from({ length: scene.samples }, (_, n) =>
      mask === undefined
        ? -1
        : Array.from({ length: sequence.length }, (_, at) => at).findIndex((at) => sequence.token(n, at) === mask),
    );
    if (masked.some((at) => at < 0)) {
      const continued = Object.keys(scene.feeds).some((name) => /decoder/i.test(name));
      const none = mask === undefined || continued ? "" : ", as no mask token stands in the text";
      return { request: lastOf("top"), why: `the winner at the last token that is no padding${none}` };
    }
    return { request: winnerAt(masked, "the mask"), why: "the winner where the mask stands" };
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
    return { request: winnerAt(at, "the most certain"), why: `the most certain of its ${frames ? "frames" : "tokens"}${left}` };
  },
};

/** Outside of everything; blank between two letters. */
const NOTHING = /^(O|<?blank>?|<?pad>?|\[PAD\]|_|ε)$/i;

const mostCertain = (scene: Scene, n: number, nothing: number | undefined): number => {
  const { values, samples, sizes, scoring } = scene;
  const { grid, length, holds, special } = sequenceOf(scene);
  const width = values.data.length / samples;
  const own = values.data.subarray(n * width, (n + 1) * width);
  const certainty = Array.from({ length }, (_, at) => {
    const winner = grid.winner(n, at);
    const p = scoresOf(own, sizes, [grid.place(winner, at).at], scoring.classes ? "probability" : "logit", scoring);
    // Labels of [CLS] and [SEP] are nobody's question.
    return { at, rank: !holds(n, at) || special(n, at) ? 0 : winner === nothing ? 1 : 2, p };
  });
  return certainty.sort((a, b) => b.rank - a.rank || b.p - a.p || a.at - b.at)[0]!.at;
};

const winnerAt = (at: readonly number[], what: string): Request => ({
  find: async (scene) => {
    const { grid } = sequenceOf(scene);
    const aims = at.map((position, n): Aim => {
      const winner = grid.winner(n, position);
      const name = `${scene.nameOf(winner)}@position:${position}`;
      const beside = classesBeside(scene, grid, { n, position, own: winner });
      return meanAim(scene, { name, places: [grid.place(winner, position)], found: { position, taken: what }, beside });
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
