/** Methods from outside: of many passes, or compiled. */
import { checkDeclared, define, nameIn } from "../cards/define.ts";
import type { MethodCard } from "../cards/method.ts";
import { type CompiledMethod, compiledMethods } from "../compiled/index.ts";
import { composites } from "../composites/index.ts";
import { methodCards } from "./cards.ts";
import { type Method, methods } from "./index.ts";

const CARD = {
  "card.family": "a text",
  "card.what": "a text",
  "card.assumes": "a text",
  "card.conserves": "a text",
  "card.cost": "a text",
  "card.classDiscriminative": "true or false",
  "card.source": "a text",
  "card.parameters": "an object",
} as const;

/**
 * Adds a method, by which models are then explained and evaluated: one that asks the model more than once (`attribute`), or one of a
 * compiled pass (`flow`). Errors: BadDefinition.
 */
export const defineMethod = <M extends Method | CompiledMethod>(method: M): M => {
  const card: MethodCard | undefined = method?.card;
  const name = nameIn("method", card);
  checkDeclared("method", { name, parameters: card.parameters ?? {} });
  const others = [...Object.keys(methods), ...Object.keys(compiledMethods), ...Object.keys(composites), "auto", "random"];
  const entry = { kind: "method", name, taken: others };
  if ("flow" in method) define(compiledMethods, { ...entry, value: method, forms: { ...CARD, flow: "a text" } });
  else define(methods, { ...entry, value: method as Method, forms: { ...CARD, attribute: "a function" } });
  methodCards.push(card);
  return method;
};
