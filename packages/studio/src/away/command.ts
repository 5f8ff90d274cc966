/** What a terminal has to be told for the same map. */
import type { ExplainAsk } from "../worker/messages.ts";

export interface Told {
  readonly model: string;
  /** A file or a text. */
  readonly input: string;
  readonly choice: ExplainAsk["choice"];
  readonly target: string | undefined;
  /** A file with the rules, where they were changed by hand; the choice is then in it. */
  readonly recipe?: string;
}

export const commandOf = ({ model, input, choice, target, recipe }: Told): string =>
  [
    ...["npx", "backlit", "explain", model, input],
    ...Object.entries(choice).flatMap(([option, name]) => [`--${option}`, name]),
    ...(recipe === undefined ? [] : ["--recipe", recipe]),
    ...(target === undefined ? [] : ["--target", target]),
  ]
    .map(quoted)
    .join(" ");

/** For POSIX shells. */
const quoted = (word: string): string => (/^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
