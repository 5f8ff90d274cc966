/** What a model's tokenizer says of tokens, as the explainer is told. */
import type { LoadOptions } from "@backlit/core";
import type { Host } from "../../host/host.ts";
import type { Bundle } from "../../models/open.ts";

/** Classes without names may be tokens; of labels of tokens, those of special ones are nobody's question. Errors: NotFound, BadFile. */
export const tokensOf = async (
  { tokenizer, allowed }: Pick<Bundle, "tokenizer" | "allowed">,
  host: Pick<Host, "files">,
): Promise<Pick<LoadOptions, "tokens">> => {
  if (tokenizer === undefined) return {};
  const { openTokenizer } = await import("./tokenizer.ts"); // pages of pictures load none
  return { tokens: (await openTokenizer(host, tokenizer, allowed)).names };
};
