/** The lead of one aim over another: of classes that exclude each other by their log-probabilities, of other numbers by their difference. */
import { fail } from "../../errors.ts";
import { type Aim, type Beside, rivalsAt } from "../../oracle/aim.ts";
import { type Scene, scoreAt } from "./scene.ts";

/** Of two aims of the same sample, the lead of the first. Errors: BadTarget. */
export const leadOf = (scene: Scene, n: number, [a, b]: readonly [Aim, Aim], text: string): Aim => {
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
    beside: [{ name, value: scoreAt(scene, n, aim), own: true }, ...[a, b].flatMap(ownBeside)],
    ...(a.area && b.area && { area: { ...a.area, positions: [...new Set([...a.area.positions, ...b.area.positions])] } }),
  };
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
