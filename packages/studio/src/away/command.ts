/** What a terminal has to be told for the same map. */
import { drawingOf, type Look } from "../draw/look.ts";
import type { ExplainAsk } from "../worker/messages.ts";

export interface Told {
  readonly model: string;
  /** A file or a text. */
  readonly input: string;
  readonly choice: ExplainAsk["choice"];
  readonly target: string | undefined;
  /** A file with the rules, where they were changed by hand; the choice is then in it. */
  readonly recipe?: string;
  /** A file with the names of the classes, where others were given than lie beside the model. */
  readonly labels?: string | undefined;
  /** The picture, where it is drawn otherwise than usual, and how. */
  readonly drawn?: { readonly file: string; readonly look: Look } | undefined;
}

export const commandOf = ({ model, input, choice, target, recipe, labels, drawn }: Told): string =>
  [
    ...["npx", "backlit", "explain", model, input],
    ...Object.entries(choice).flatMap(([option, name]) => [`--${option}`, name]),
    ...(recipe === undefined ? [] : ["--recipe", recipe]),
    ...(target === undefined ? [] : ["--target", target]),
    ...(labels === undefined ? [] : ["--labels", labels]),
    ...(drawn === undefined ? [] : ["--heatmap", drawn.file, ...optionsOf(drawn.look)]),
  ]
    .map(quoted)
    .join(" ");

/** What the command draws where nobody says. */
const USUAL: Readonly<Record<string, unknown>> = {
  style: "panels",
  alpha: 1,
  clip: 99.5,
  colormap: "auto",
  smooth: 0,
  dots: "divide",
};

const optionsOf = (look: Look): readonly string[] =>
  Object.entries(drawingOf(look)).flatMap(([option, value]) => (value === USUAL[option] ? [] : [`--${option}`, String(value)]));

/** For POSIX shells. */
const quoted = (word: string): string => (/^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
