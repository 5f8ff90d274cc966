/** The methods that ask the model more than once, one line each. Those of one compiled pass are in plan/recipe.ts. */
import { camMethods } from "./cam-index.ts";
import { integratedGradients } from "./integrated-gradients.ts";
import type { Method } from "./method.ts";

export const methods: Readonly<Record<string, Method>> = Object.fromEntries(
  [integratedGradients, ...camMethods].map((method) => [method.card.name, method]),
);

export * from "./card.ts";
export * from "./method.ts";
export { randomBy } from "./random.ts";
export { ownRows } from "./rows.ts";
