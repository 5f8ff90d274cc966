/** A class of the whole output, among targets of other kinds. */
import { flatIndex } from "../../oracle/score.ts";
import { checkedIndex } from "../classes.ts";
import { classIndex } from "../target-words.ts";
import type { Request } from "./kind.ts";
import { meanAim } from "./placed.ts";

export const classAim = (words: string | number): Request => ({
  find: async (scene) => {
    const { sizes, scoring, lit } = scene;
    const index = checkedIndex(classIndex(words, lit.options.labels), sizes, scoring);
    const negative = scoring.twoClasses && index[0] === 0;
    const place = { at: scoring.twoClasses ? 0 : flatIndex(index, sizes), weight: 1, ...(negative && { turned: true as const }) };
    const aim = meanAim(scene, { places: [place], name: index.length === 1 ? scene.nameOf(index[0]!) : index.join(",") });
    return [Array.from({ length: scene.samples }, () => aim)];
  },
});
