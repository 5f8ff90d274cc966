/** One number for every removed value; "zero" is 0 in the space the model sees (the mean colour, where inputs are normalised). */
import { fail } from "../../errors.ts";
import { widthOf } from "../../methods/method.ts";
import { type Imputer, snapshot } from "./imputer.ts";

export const constant: Imputer = {
  card: {
    name: "constant",
    form: "constant:VALUE (zero is constant:0)",
    what: "one number for every removed value, in the space the model sees",
    source: "Zeiler and Fergus 2014",
  },
  prepare: ([text], { x }) => {
    const value = text === undefined || text === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(value))
      throw fail("BadRecipe", { what: `imputer 'constant:${text ?? ""}'`, fix: "constant:VALUE, as in constant:0.5" });
    return snapshot(new Float32Array(widthOf(x)).fill(value));
  },
};
