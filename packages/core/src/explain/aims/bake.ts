/** Targets of an artefact: a place that is named by its indices is baked in, what has to be found in a first run is not. */
import { fail } from "../../errors.ts";
import { scoringOf } from "../../oracle/score.ts";
import { type LoadedModel, sizesBehind } from "../loaded.ts";
import { classIndex, pairOf } from "../target-words.ts";
import type { Choices } from "../types.ts";
import { namesAim } from "./index.ts";
import { hasVocabulary } from "./language.ts";
import { isBareWord } from "./token-words.ts";

/** The same choices, `CLASS@pixel:i,j` and `CLASS@position:p` as the indices they are. Errors: BadTarget. */
export const baked = <C extends Pick<Choices, "target" | "output" | "explain">>(lit: LoadedModel, choices: C): C => {
  const { target } = choices;
  if (!namesAim(lit, choices)) return choices;
  const list = typeof target === "object" ? target.list : [target as string];
  const all = list.map((one) => (namesAim(lit, { ...choices, target: one }) ? indexOf(lit, choices, String(one)) : one));
  return { ...choices, target: typeof target === "object" ? { list: all } : all[0] };
};

const indexOf = (lit: LoadedModel, choices: Pick<Choices, "output" | "explain">, text: string): string => {
  const [, words, at] = /^(.+)@(?:pixel|position):(\d{1,9}(?:,\d{1,9})*)$/s.exec(text) ?? [];
  const sides = words === undefined ? [] : (pairOf(words) ?? [words]);
  const isToken = (side: string) => /^token:/.test(side) || (isBareWord(side) && hasVocabulary(lit, choices));
  if (words === undefined || sides.some((side) => /^top\b|^argmax$|@/.test(side) || isToken(side)))
    throw fail("BadTarget", {
      what: `target '${text}' in a compiled model`,
      why: "it has to be found in a first run of the model",
      fix: 'compile with --seed direction (seed: "direction") and feed what the first run found; explain does both',
    });
  const { plan, canonical } = lit.outline(choices);
  const sizes = sizesBehind({ dims: canonical.facts.shapeOf(plan.start) }, plan);
  const { classAxis } = scoringOf(plan);
  const place = at!.split(",").map(Number);
  const axes = sizes.flatMap((size, axis) => (axis === classAxis || size === 1 ? [] : [axis]));
  if (place.length !== axes.length)
    throw fail("BadTarget", {
      what: `target '${text}'`,
      why: `the output has positions along ${axes.length} axes`,
      fix: "give one index for each",
    });
  const binary = classAxis === undefined || sizes[classAxis] === 1;
  const named = (side: string): string => {
    const [index, ...more] = classIndex(side, lit.options.labels);
    if (more.length > 0)
      throw fail("BadTarget", { what: `target '${text}'`, why: "its place is named besides", fix: "give one index" });
    if (binary && index !== 1)
      throw fail("BadTarget", {
        what: `target '${text}'`,
        why: "one logit a position is that of class 1",
        fix: `take 1@pixel:${at}`,
      });
    const before = binary ? 0 : axes.filter((axis) => axis < classAxis).length;
    const full = binary ? place : place.toSpliced(before, 0, index!);
    return `index:${full.join(",")}`;
  };
  return sides.map(named).join(" minus ");
};
