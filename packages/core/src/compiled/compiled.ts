/** A method of one compiled pass, as one object: what is said of it, what goes back through the graph, and what comes of that at the input. */
import type { MethodCard } from "../cards/method.ts";
import type { MethodParameter } from "../cards/parameters.ts";
import type { RuleSpec } from "../rules/index.ts";

type Params = Readonly<Record<string, unknown>>;

/** A rule of its own at activations, in place of their derivative. */
export interface ActivationRule {
  /** `rectifier`: ReLU, ReLU6 and the like; `relu`: ReLU alone. */
  readonly at: "relu" | "rectifier";
  readonly why: string;
  /** Of parameters that are checked. */
  rule(params: Params): RuleSpec;
}

export interface CompiledMethod<Name extends string = string> {
  readonly card: MethodCard & { readonly name: Name };
  /**
   * What goes back. `relevance`: amounts that add up, by the rules of the recipe; starts as the seed says. `derivative`: Jᵀ of the explained
   * score. `difference`: multipliers of the difference from a reference, which the map is multiplied by at the end. `shapley`: a derivative
   * as far as the trees, which hand out the Shapley values of the columns. `neuralised`: a derivative as far as kernels or centres, which
   * hand out the relevance of the columns they compare.
   */
  readonly flow: "relevance" | "derivative" | "difference" | "shapley" | "neuralised";
  /** The method is short for LRP with this composite; recipes resolve to that. */
  readonly composite?: string;
  readonly activation?: ActivationRule;
  /** What the map is multiplied by. */
  times?(params: Params): "input" | "itself" | "nothing";
  /** Rows of the data are given beside the recipe. */
  readonly takesReferences?: true;
  /** How a parameter is read that the card's default, range and choices do not tell all of. Errors: BadRecipe. */
  readonly read?: Readonly<Record<string, (value: unknown) => unknown>>;
  /** Its parameters stand in the resolved recipe of every method: hashes have held them from the first version on. */
  readonly held?: true;
}

/** Keeps the name's type. */
export const compiled = <const Name extends string>(method: CompiledMethod<Name>): CompiledMethod<Name> => method;

/** Parameters that the method itself reads: those of relevance are its composite's and LRP's. */
export const ownParameters = ({ flow, card }: CompiledMethod): Readonly<Record<string, MethodParameter>> =>
  flow === "relevance" ? {} : card.parameters;
