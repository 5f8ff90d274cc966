/** Imputers from outside. */
import { define, nameIn } from "../../cards/define.ts";
import type { Imputer } from "./imputer.ts";
import { imputers } from "./index.ts";

const FORMS = { "card.form": "a text", "card.what": "a text", "card.source": "a text", prepare: "a function" } as const;

/** Adds an imputer: metrics find it by what stands before the first colon of `imputer`. Errors: BadDefinition. */
export const defineImputer = (imputer: Imputer): Imputer =>
  define(imputers, { kind: "imputer", name: nameIn("imputer", imputer?.card), value: imputer, forms: FORMS, taken: ["zero"] });
