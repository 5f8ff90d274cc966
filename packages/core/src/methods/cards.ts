/** Cards of all methods. */
import type { MethodCard } from "../cards/method.ts";
import { compiledMethods } from "../compiled/index.ts";
import { methods } from "./index.ts";

/** The cards of methods that are one compiled pass. */
export const compiledCards: readonly MethodCard[] = Object.values(compiledMethods).map(({ card }) => card);

/** All methods, those of one compiled pass first; `defineMethod` adds to them. */
export const methodCards: MethodCard[] = [...compiledCards, ...Object.values(methods).map((method) => method.card)];
