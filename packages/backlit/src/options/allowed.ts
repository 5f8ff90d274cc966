/** What is read may cost more than usual: `--allow nodes=400000`. */
import { BUDGETS, fail } from "@backlit/core";
import { type Allowed, TOKENIZER_SECONDS } from "@backlit/workbench";

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
