/** How much what is read may cost, where more is allowed than usual: `--allow nodes=400000`. */
import { BUDGETS, type Budgets, fail, type NpzLimits } from "@backlit/core";

export interface Allowed extends Budgets {
  /** Bytes of sessions an explainer keeps open. */
  readonly sessionBytes?: number;
  readonly npz?: NpzLimits;
  /** Seconds that a tokenizer may take for a text of up to 100,000 characters. */
  readonly tokenizerSeconds?: number;
}

export const TOKENIZER_SECONDS = 2;

const NAMES: Readonly<Record<string, { readonly usual: string; set(value: number): Allowed }>> = {
  nodes: { usual: `${BUDGETS.nodes}`, set: (nodes) => ({ nodes }) },
  steps: { usual: `${BUDGETS.steps}`, set: (steps) => ({ steps }) },
  bytes: { usual: `${BUDGETS.bytes}`, set: (bytes) => ({ bytes }) },
  "session-bytes": { usual: "64 MB or 8 sessions", set: (sessionBytes) => ({ sessionBytes }) },
  "npz-bytes": { usual: "4e9", set: (maxBytes) => ({ npz: { maxBytes } }) },
  "npz-ratio": { usual: "1000", set: (maxRatio) => ({ npz: { maxRatio } }) },
  weights: { usual: `${BUDGETS.weights}`, set: (weights) => ({ weights }) },
  "tokenizer-seconds": { usual: `${TOKENIZER_SECONDS}`, set: (tokenizerSeconds) => ({ tokenizerSeconds }) },
};

/** For the help. */
export const ALLOWANCES = Object.entries(NAMES)
  .map(([name, { usual }]) => `${name} (${usual})`)
  .join(", ");

/** Throws Usage. */
export const readAllowed = (texts: readonly string[] = []): Allowed => {
  let allowed: Allowed = {};
  for (const text of texts) {
    const [, name = "", number = ""] = /^([^=]*)=(.*)$/.exec(text) ?? [];
    const value = Number(number);
    if (!Object.hasOwn(NAMES, name) || number.trim() === "" || !(value > 0))
      throw fail("Usage", { what: `--allow ${text}`, fix: `give NAME=N of ${Object.keys(NAMES).join(", ")}` });
    const more = NAMES[name]!.set(value);
    allowed = { ...allowed, ...more, ...(more.npz && { npz: { ...allowed.npz, ...more.npz } }) };
  }
  return allowed;
};

/** What of it `load` takes. */
export const loadAllowed = ({ nodes, steps, bytes, weights, sessionBytes }: Allowed) => ({
  budgets: { ...(nodes && { nodes }), ...(steps && { steps }), ...(bytes && { bytes }), ...(weights && { weights }) },
  ...(sessionBytes !== undefined && { sessionBytes }),
});
