/** Names of metrics. A file of its own: pages that only explain load no metrics. */
import { fail, metrics } from "@backlit/core";
import { known } from "./known.ts";

const signless = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, "");

/** Throws Usage, with the nearest name; who names a score is told whose it is. */
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
