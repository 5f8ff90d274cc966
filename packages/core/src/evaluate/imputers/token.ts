/** Tokens of a text become the one that stands for absence; special ones stay as they are. */
import type { AbsentName } from "../../methods/method.ts";
import { noToken } from "../../methods/reference/baseline.ts";
import { sampleOf } from "../../tensor/float.ts";
import { type Imputer, snapshot } from "./imputer.ts";

const token = (name: AbsentName, what: string, source: string): Imputer => ({
  card: { name, form: name, what, source },
  prepare: (_, { absent, n }) => {
    const values = absent?.[name];
    if (values === undefined) throw noToken("imputer", name);
    return snapshot(Float32Array.from(sampleOf(values, n)));
  },
});

export const maskToken = token(
  "mask-token",
  "the mask token of the text's tokenizer, looked up as the text's own tokens are",
  "the text masker of shap (Lundberg & Lee 2017)",
);
export const padToken = token(
  "pad-token",
  "the padding of the text's tokenizer, looked up as the text's own tokens are",
  "the reference tokens of Captum (Kokhlikyan et al. 2020)",
);
