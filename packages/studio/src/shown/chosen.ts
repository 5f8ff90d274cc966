/** How an input is explained, as the page's choices say it: plain data that an address can hold. */
import type { RuleSpec } from "@backlit/core";

/** What is changed in the rules that a choice stands for. */
export interface Edits {
  /** γ of every rule that has one, ε of every `epsilon`. */
  readonly gamma?: number;
  readonly epsilon?: number;
  /** By a node's name: its own rule. */
  readonly nodes?: Readonly<Record<string, RuleSpec>>;
}

export interface Chosen {
  /** A card's name; empty for what the model's kind usually takes. */
  readonly way: string;
  readonly target?: string;
  readonly edits: Edits;
}

export const NOTHING: Chosen = { way: "", edits: {} };

export const isEdited = ({ gamma, epsilon, nodes = {} }: Edits): boolean =>
  gamma !== undefined || epsilon !== undefined || Object.keys(nodes).length > 0;

interface Rules {
  readonly rules: readonly { readonly match: object; readonly rule: RuleSpec }[];
}

/** The rules of a resolved recipe with the changes; a node's own rule comes first, so that it counts. */
export const editedRules = ({ rules }: Rules, { gamma, epsilon, nodes = {} }: Edits): Rules["rules"] => [
  ...Object.entries(nodes).map(([name, rule]) => ({ match: { name: literal(name) }, rule })),
  ...rules.map(({ match, rule }) => ({
    match,
    rule: {
      ...rule,
      ...(rule.name === "gamma" && gamma !== undefined && { gamma }),
      ...(rule.name === "epsilon" && epsilon !== undefined && { epsilon }),
    },
  })),
];

/** A name as a pattern of itself. */
const literal = (name: string): string => name.replace(/[*?]/g, "?");
