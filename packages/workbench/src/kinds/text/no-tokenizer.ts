import { fail } from "@backlit/core";

/** The error BadInput for a text given to a model without tokenizer. */
export const noTokenizer = (where: string) =>
  fail("BadInput", {
    what: "text as input",
    where,
    why: "no tokenizer.json lies beside the model",
    fix: "put it there, or give the token ids as .npy",
  });
