/**
 * A limit to what is run: a downloaded tokenizer brings regular expressions of its own, and one that doubles its steps with every
 * letter never ends. V8 looks for a stop while it backtracks, which a script with a time limit can ask for.
 */
import { createContext, Script } from "node:vm";
import { fail } from "@backlit/core";

const script = new Script("run()");
const context = createContext({ run: undefined as unknown });
const PER_LIMIT = 100_000;

/** Runs for a text; longer texts have more time. Throws BadInput. */
export const timed = <T>(text: string, seconds: number, run: () => T): T => {
  const timeout = Math.ceil(1000 * seconds * Math.max(1, text.length / PER_LIMIT));
  try {
    context.run = run;
    return script.runInContext(context, { timeout });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw fail("BadInput", {
      what: `the tokenizer took more than ${timeout / 1000} s for a text of ${text.length.toLocaleString("en-US")} characters`,
      why: "a regular expression of its tokenizer.json may never end on it",
      fix: "give another text, take a tokenizer you trust, or allow more with --allow tokenizer-seconds=N",
    });
  }
};
