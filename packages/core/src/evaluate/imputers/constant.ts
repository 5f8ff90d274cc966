/** One number for every removed value, or one for each column; "zero" is 0 in the space the model sees (the mean colour, where inputs are normalised). */
import { fail } from "../../errors.ts";
import { type FloatTensor, widthOf } from "../../tensor/float.ts";
import { type Imputer, snapshot } from "./imputer.ts";

export const constant: Imputer = {
  card: {
    name: "constant",
    form: "constant:VALUE (zero is constant:0), or one for each column, with commas",
    what: "one number for every removed value, or for each column (along the last axis), in the space the model sees",
    source: "Zeiler and Fergus 2014",
  },
  prepare: ([text], { x }) => {
    const values = (text ?? "").split(",").map((one) => (one.trim() === "" ? Number.NaN : Number(one)));
    if (!values.every(Number.isFinite) || (values.length > 1 && values.length !== columnsOf(x)))
      throw fail("BadRecipe", {
        what: `imputer 'constant:${text ?? ""}'`,
        fix: "constant:VALUE, as in constant:0.5, or a value for each column",
      });
    return snapshot(Float32Array.from({ length: widthOf(x) }, (_, i) => values[i % values.length]!));
  },
};

const columnsOf = ({ dims }: FloatTensor): number => dims.at(-1)!;
