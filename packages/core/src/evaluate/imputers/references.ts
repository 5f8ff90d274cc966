/** Rows of the references: what is removed becomes what it is in one of them, drawn for each repeat; interventional absence. */
import { fail } from "../../errors.ts";
import { sampleOf } from "../../tensor/float.ts";
import { type Imputer, snapshot } from "./imputer.ts";

export const references: Imputer = {
  card: {
    name: "references",
    form: "references",
    what: "the values of one of the references given, drawn anew in each repeat",
    source: "Lundberg & Lee 2017; Janzing, Minorics, Blöbaum 2020",
    random: true,
  },
  prepare: (_, { references: rows, stream }) => {
    if (rows === undefined)
      throw fail("BadInput", { what: "imputer 'references'", why: "no references are given", fix: "give rows of the data" });
    return snapshot(Float32Array.from(sampleOf(rows, stream().below(rows.dims[0]!))));
  },
};
