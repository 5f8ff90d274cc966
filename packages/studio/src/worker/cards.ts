/** What one can choose from, told by the cards of the core. */
import { composites, methodCards } from "@backlit/core";
import type { Card } from "./messages.ts";

const PASSES = "one pass, some 2 to 4 forward passes";

export const cards = (): readonly Card[] => [
  ...Object.values(composites).map(({ name, what, source }): Card => ({ name, kind: "composite", what, source, cost: PASSES })),
  ...methodCards
    .filter(({ name, family }) => family !== "synthesis" && !(name in composites))
    .map(({ name, what, assumes, cost, source }): Card => ({ name, kind: "method", what, assumes, cost, source })),
];
