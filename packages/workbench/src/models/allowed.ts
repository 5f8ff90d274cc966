/** How much what is read may cost, where more is allowed than usual. */
import type { Budgets, NpzLimits } from "@backlit/core";

export interface Allowed extends Budgets {
  /** Bytes of sessions an explainer keeps open. */
  readonly sessionBytes?: number;
  readonly npz?: NpzLimits;
  /** Seconds that a tokenizer may take for a text of up to 100,000 characters. */
  readonly tokenizerSeconds?: number;
}

export const TOKENIZER_SECONDS = 2;

/** What of it `load` takes. */
export const loadAllowed = ({ nodes, steps, bytes, weights, sessionBytes }: Allowed) => ({
  budgets: { ...(nodes && { nodes }), ...(steps && { steps }), ...(bytes && { bytes }), ...(weights && { weights }) },
  ...(sessionBytes !== undefined && { sessionBytes }),
});
