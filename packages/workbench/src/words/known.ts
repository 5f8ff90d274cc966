/** Options that take one of a few names. */
import { fail, metrics } from "@backlit/core";
import { suggest } from "./nearest.ts";

/** Throws Usage, with the nearest name. */
export const known = (what: string, name: string | undefined, names: readonly string[]): void => {
  if (name !== undefined && !names.includes(name))
    throw fail("Usage", { what: `unknown ${what} '${name}'`, fix: suggest(name, names) });
};

const signless = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, "");

/** The same of a metric: who names a score is told whose it is. */
export const knownMetric = (name: string | undefined): void => {
  const names = Object.keys(metrics);
  const owner =
    name === undefined || names.includes(name)
      ? undefined
      : Object.values(metrics).find(({ card }) => Object.keys(card.scores).some((score) => signless(score) === signless(name)));
  if (owner === undefined) {
    known("metric", name, names);
    return;
  }
  const metric = owner.card.name;
  throw fail("Usage", {
    what: `unknown metric '${name}'`,
    why: `${name} is a score of ${metric}`,
    fix: `did you mean '${metric}'?`,
  });
};

/** The same as a parser of commander's, whose own message suggests nothing. */
export const choice =
  <T extends string>(option: string, allowed: readonly T[]) =>
  (value: string): T => {
    known(`value for --${option}`, value, allowed);
    return value as T;
  };
