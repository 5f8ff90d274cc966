/** What a request asks that its method cannot give is refused, in the words of the command. */
import { fail, methodCards, takesReferences } from "@backlit/core";
import type { Listener } from "../../host/listener.ts";
import { passesCard } from "../unread.ts";
import type { ExplainRequest } from "./result.ts";

/** Options that the method has no use for are errors. `books`: it has a ledger. Throws Usage. */
export const checkMethod = (method: string, books: boolean, request: ExplainRequest, listener: Listener): void => {
  const many = passesCard(method) !== undefined;
  const refuse = (option: string, fix: string) => {
    throw fail("Usage", { what: `${option} does not go with method ${method}`, fix });
  };
  if (!books && (request.ledger || request.strict))
    throw fail("Usage", { what: `no ledger for method ${method}`, fix: "--ledger and --strict go with lrp and neuralised" });
  if (many && request.layers) refuse("--layer", "it goes with methods of one pass");
  if (many && request.ordinary !== undefined) refuse("--ordinary", "it goes with methods of one pass");
  if (many && request.conditions) refuse("--condition", "it goes with methods of one pass");
  const own = [
    ["--references", request.references],
    ["--groups", request.groups],
    ["--seed-rng", request.random],
    ["--batch", request.batch],
  ] as const;
  const stray = own.find(([, value]) => value !== undefined)?.[0];
  const compares = stray === "--references" && takesReferences(method);
  if (stray === "--references" && method === "deeplift")
    refuse(stray, "deep-shap is DeepLIFT over all of them: --method deep-shap");
  if (!many && stray !== undefined && !compares) refuse(stray, "it goes with methods of many passes: backlit methods lists them");
  const card = methodCards.find(({ name }) => name === method);
  if (request.target !== undefined && card?.classDiscriminative === false)
    listener.note(`maps of ${method} are much the same for every class`);
};

/** Throws Usage. */
export const checkConsistency = ({ consistency }: ExplainRequest, composite: string | undefined): void => {
  if (consistency && composite !== "deep-taylor")
    throw fail("Usage", {
      what: "--consistency",
      why: "it is what Deep Taylor promises",
      fix: "it goes with --method deep-taylor",
    });
};
