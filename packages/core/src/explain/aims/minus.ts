/**
 * `A minus B` of two places: `span:a..b minus span:c..d`, `token:"x"@position:3 minus token:"y"@position:7`, `box:0 minus box:1`. Classes
 * that exclude each other lead by log p_A − log p_B, which at one place is z_A − z_B; other numbers by their difference.
 */
import { fail } from "../../errors.ts";
import { type Aim, aimScore, type Beside, rivalsAt } from "../../oracle/aim.ts";
import type { LoadedModel } from "../loaded.ts";
import { pairOf, withoutQuoted } from "../target-words.ts";
import type { Request, TargetKind } from "./kind.ts";
import type { Scene } from "./scene.ts";

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

const leadOf = (scene: Scene, n: number, [a, b]: readonly [Aim, Aim], text: string): Aim => {
  const of = kindOf(scene, a, b);
  if (of === undefined)
    throw fail("BadTarget", {
      what: `target '${text}'`,
      why: "a class and a number have no difference",
      fix: "compare two classes, or two numbers",
    });
  const places = [...a.places, ...b.places.map((place) => ({ ...place, weight: -place.weight }))];
  const same = new Set(places.map(({ at, turned }) => `${at} ${turned}`)).size < places.length;
  if (same && a.places.length === 1 && b.places.length === 1)
    throw fail("BadTarget", { what: `target '${text}'`, why: "both are one number", fix: "name two" });
  const name = `${a.name} minus ${b.name}`;
  const aim = { places, of, name, found: { of: a.found ?? {}, against: b.found ?? {} } };
  return {
    ...aim,
    beside: [{ name, value: scoreOf(scene, n, aim), own: true }, ...[a, b].flatMap(ownBeside)],
    ...(a.area && b.area && { area: { ...a.area, positions: [...new Set([...a.area.positions, ...b.area.positions])] } }),
  };
};

const scoreOf = ({ values, samples, sizes, scoring }: Scene, n: number, aim: Aim): number => {
  const width = values.data.length / samples;
  return aimScore(values.data.subarray(n * width, (n + 1) * width), sizes, aim, "logit", scoring);
};

/** What a side is by itself, under its full name. */
const ownBeside = ({ name, beside }: Aim): readonly Beside[] =>
  (beside ?? []).flatMap(({ own, ...number }) => (own ? [{ ...number, name }] : []));

/** As what both sides count. */
const kindOf = ({ sizes, scoring }: Scene, a: Aim, b: Aim): Aim["of"] | undefined => {
  const exclusive = (aim: Aim) => aim.of === "class" && aim.places.every(({ at }) => rivalsAt(sizes, at, scoring) !== undefined);
  const byLog = (aim: Aim) => aim.of === "log-probability" || (exclusive(aim) && aim.places.every((place) => !place.against));
  if (byLog(a) && byLog(b)) return "log-probability";
  return a.of === b.of ? a.of : undefined;
};
