/** Rules from outside: linear ones, which are data. What activations and products do is the compiler's. */
import { checkDeclared, define, malformed, nameIn } from "../cards/define.ts";
import { rules } from "./index.ts";
import type { Group, InputPart, Part, RuleCard } from "./rule.ts";

const INPUTS: readonly InputPart[] = ["all", "positive", "negative", "abs", "one"];
const PARTS: readonly Part[] = ["all", "positive", "negative", "abs", "square", "one"];

/**
 * Adds a rule, which recipes and composites can then name. It must have `groups`: the terms it is made of, as a function of its checked
 * parameters. Errors: BadDefinition.
 */
export const defineRule = (rule: RuleCard): RuleCard => {
  const name = nameIn("rule", rule);
  const forms = { what: "a text", source: "a text", parameters: "an object", groups: "a function" } as const;
  checkDeclared("rule", { name, parameters: rule.parameters ?? {} });
  for (const [key, { default: usual, min = -Infinity, exclusive }] of Object.entries(rule.parameters ?? {}))
    if ([usual].flat().some((value) => !Number.isFinite(value) || value < min || (exclusive && value === min)))
      throw malformed(
        "rule",
        name,
        `parameters.${key}.default must be a number${min === -Infinity ? "" : `${exclusive ? " above" : " of at least"} ${min}`}`,
      );
  if (typeof rule.groups === "function") checkGroups(name, rule.groups(defaultsOf(rule)));
  return define(rules, { kind: "rule", name, value: rule, forms });
};

const defaultsOf = ({ parameters }: RuleCard) =>
  Object.fromEntries(Object.entries(parameters ?? {}).map(([key, { default: usual }]) => [key, usual]));

const checkGroups = (name: string, groups: readonly Group[]): void => {
  const terms = Array.isArray(groups) ? groups.flatMap((group) => group?.terms ?? []) : [];
  if (terms.length === 0) throw malformed("rule", name, "groups gives no list of groups with terms");
  if (groups.some(({ factor }) => !Number.isFinite(factor))) throw malformed("rule", name, "a group's factor must be a number");
  for (const { factor, x, w, b } of terms) {
    if (!Number.isFinite(factor)) throw malformed("rule", name, "a term's factor must be a number");
    if (!INPUTS.includes(x) && (typeof x !== "object" || x === null || !("bound" in x)))
      throw malformed("rule", name, `a term's x is ${JSON.stringify(x)}, not one of ${INPUTS.join(", ")} or { bound }`);
    const stray = [w, ...(b === undefined ? [] : [b])].find((part) => !PARTS.includes(part));
    if (stray !== undefined || w === undefined)
      throw malformed("rule", name, `a term takes the part ${JSON.stringify(stray)}, not one of ${PARTS.join(", ")}`);
  }
};
