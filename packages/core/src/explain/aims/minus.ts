/**
 * `A minus B` of two places: `span:a..b minus span:c..d`, `token:"x"@position:3 minus token:"y"@position:7`, `box:0 minus box:1`. Classes
 * that exclude each other lead by log p_A − log p_B, which at one place is z_A − z_B; other numbers by their difference.
 */
import { fail } from "../../errors.ts";
import type { LoadedModel } from "../loaded.ts";
import { pairOf, withoutQuoted } from "../target-words.ts";
import type { Request, TargetKind } from "./kind.ts";

/** `read`: a side's words. */
export const minusOf = (read: (text: string) => Request | undefined): TargetKind => ({
  form: "A minus B",
  read: (text) => {
    const [a, b] = pairOf(text) ?? [];
    if (a === undefined || b === undefined || !hasPlace(a)) return undefined;
    const at = withoutQuoted(a).lastIndexOf("@");
    // What names no place stands at the other's.
    const sides = [a, hasPlace(b) || at < 0 ? b : `${b}${a.slice(at)}`].map((side) => {
      const request = read(side);
      if (request !== undefined) return request;
      throw fail("BadTarget", {
        what: `target '${text}'`,
        why: `'${side}' names no place`,
        fix: "give both a place, as in A@position:3 minus B@position:5",
      });
    });
    const [own, other] = sides as [Request, Request];
    return {
      output: (lit) => outputOf(lit, sides, text),
      find: async (scene) => {
        const { leadOf } = await import("./lead.ts"); // few explanations need it
        const [one, two] = [await own.find(scene), await other.find(scene)];
        if (one.length === 1 && two.length === 1) return [one[0]!.map((aim, n) => leadOf(scene, n, [aim, two[0]![n]!], text))];
        throw fail("BadTarget", {
          what: `target '${text}'`,
          why: "one side stands for several maps",
          fix: "name one thing a side",
        });
      },
    };
  },
});

const hasPlace = (side: string): boolean => /@|^(span|region|box|answer):|^answer$/.test(withoutQuoted(side));

const outputOf = (lit: LoadedModel, sides: readonly Request[], text: string): string | undefined => {
  const named = new Set(sides.flatMap((side) => side.output?.(lit) ?? []));
  if (named.size < 2) return [...named][0];
  throw fail("BadTarget", {
    what: `target '${text}'`,
    why: `these are numbers of the outputs ${[...named].join(" and ")}`,
    fix: "compare numbers of one output",
  });
};
