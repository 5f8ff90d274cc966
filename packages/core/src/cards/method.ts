/** What users read about a method, and what its parameters may be. `backlit methods` and docs/methods.md are made of these cards. */
import type { MethodParameter } from "./parameters.ts";

export type Family = "gradient" | "reference" | "taylor" | "cam" | "attention" | "perturbation" | "relevance" | "synthesis";

export interface MethodCard {
  readonly name: string;
  readonly family: Family;
  readonly what: string;
  /** What must be true of the model or the input for the map to mean what it says. */
  readonly assumes: string;
  /** What the map's values add up to, or "nothing". */
  readonly conserves: string;
  /** In passes: F a forward pass, G a gradient pass (about 2 F), of the parameters. */
  readonly cost: string;
  /** Whether the map changes with the explained class. */
  readonly classDiscriminative: boolean;
  /** Its values are slopes: how strongly the score answers, whichever way. Evaluations rank by their size. */
  readonly slope?: true;
  /** Needs nothing but the model's outputs: serves models the compiler cannot take apart. */
  readonly modelAgnostic?: true;
  /** Moves several inputs together: they come as one row [N, all], laid end to end. */
  readonly joint?: true;
  readonly source: string;
  readonly parameters: Readonly<Record<string, MethodParameter>>;
}
