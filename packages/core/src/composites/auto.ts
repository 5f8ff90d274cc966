/** Which composite a model gets when nobody chooses. Changed only on evidence from evaluation (docs/decisions). */
import { CONVOLUTION } from "./composite.ts";

export interface Choice {
  readonly composite: string;
  readonly seed: "one" | "log-odds";
  readonly why: string;
}

const TABLE: readonly (Choice & { readonly when: (ops: ReadonlySet<string>) => boolean })[] = [
  {
    when: (ops) => CONVOLUTION.some((op) => ops.has(op)),
    composite: "gamma-depth",
    seed: "log-odds",
    why: "the model has convolutions",
  },
  { when: () => true, composite: "epsilon", seed: "one", why: "the model has dense layers only" },
];

/** `ops`: operators on the path from the input to the output. */
export const automatic = (ops: ReadonlySet<string>): Choice => TABLE.find(({ when }) => when(ops))!;
