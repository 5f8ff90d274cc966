/**
 * Products with values that may be infinite or no number (plan/unbounded.ts): what is weighed with 0 is 0. Where nothing of the kind
 * can happen, plain products.
 */
import type { Builder } from "../graph/builder.ts";
import type { Facts } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { NormalizationRole, Op, Site } from "./role.ts";

/** Whether a value the node reads or makes may be no number. */
export const isUnbounded = ({ g, node }: Site): boolean => [...node.input, ...node.output].some((name) => g.unbounded.has(name));

/** `value` where `r` is not 0, and 0 elsewhere. */
const whereAny = (g: Builder, r: string, value: string): string =>
  g.op("Where", [g.op("Equal", [r, g.floats(0)]), g.floats(0), value]);

/** r ⊙ factor, for a factor made of the node's values. */
export const weighed = (site: Site, r: string, factor: string): string => {
  const product = site.g.mul(r, factor);
  return isUnbounded(site) ? whereAny(site.g, r, product) : product;
};

/** r ⊘ divisor, for a divisor made of the node's values. */
export const shared = (site: Site, r: string, divisor: string): string => {
  const quotient = site.g.div(r, divisor);
  return isUnbounded(site) ? whereAny(site.g, r, quotient) : quotient;
};

/** value ⊙ m for a value by its name. */
export const timesValue = (g: Builder, value: string, m: string): string => {
  const product = g.mul(value, m);
  return g.unbounded.has(value) ? whereAny(g, m, product) : product;
};

/** The value with 0 where it is no finite number: a factor of products whose sums must not meet ∞. */
export const finitePart = (g: Builder, value: string): string => {
  if (!g.unbounded.has(value)) return value;
  const finite = finiteOnly(g, value);
  described(g, finite, value);
  return finite;
};

const finiteOnly = (g: Builder, value: string): string =>
  g.op("Where", [g.op("IsNaN", [g.mul(value, g.floats(0))]), g.floats(0), value]); // 0 · ∞ is NaN

/** 1/value, 0 where there is none. */
export const inverse = (site: Site, value: string): string => {
  const made = site.g.op("Reciprocal", [value]);
  return isUnbounded(site) ? finiteOnly(site.g, made) : made;
};

/** value − other: where a value is ±∞ it counts as a number too large to matter, so that ∞ − ∞ is 0. */
export const difference = (g: Builder, value: string, other: string): string =>
  g.sub(clampedPart(g, value), clampedPart(g, other));

export const clampedPart = (g: Builder, value: string): string => {
  if (!g.unbounded.has(value)) return value;
  const clamped = g.op("Clip", [value, g.floats(-LARGE), g.floats(LARGE)]);
  const made = g.op("Where", [g.op("IsNaN", [value]), g.floats(0), clamped]);
  described(g, made, value);
  return made;
};
const described = (g: Builder, made: string, like: string): void => {
  const shape = g.facts.shape(like);
  if (shape !== undefined && g.facts.shape(made) === undefined) g.facts.add(made, shape, g.facts.isConstant(like));
};
const LARGE = 1e38;

/** A normalization of the finite parts of what the node reads and makes: rows that are no numbers have statistics that are none. */
export const onFiniteParts = (op: Op): Op => {
  const normalization = (node: GraphNode, facts: Facts) => op(node, facts) as NormalizationRole;
  return (node, facts) => {
    const plain = op(node, facts);
    if (typeof plain === "string" || plain.kind !== "normalization") return plain;
    /** The role and its site, to go on with. */
    const at = (site: Site): readonly [NormalizationRole, Site] => {
      const { g } = site;
      if (!isUnbounded(site)) return [plain, site];
      const parts = (names: readonly string[]) => names.map((name) => (name === "" ? name : finitePart(g, name)));
      const finite = { ...node, input: parts(node.input), output: parts(node.output) };
      return [normalization(finite, facts), { ...site, node: finite }];
    };
    const { standardized, secant } = plain;
    return {
      ...plain,
      vjp: (site, r, i) => {
        const [role, on] = at(site);
        return role.vjp(on, r, i);
      },
      detached: (site, s) => {
        const [role, on] = at(site);
        return role.detached(on, s);
      },
      ...(standardized && {
        standardized: (site: Site) => {
          const [role, on] = at(site);
          return role.standardized!(on);
        },
      }),
      ...(plain.exact && { exact: (site: Site) => (isUnbounded(site) ? undefined : plain.exact!(site)) }),
      ...(secant && {
        secant: (site: Site, ...given: readonly [Parameters<typeof secant>[1], string]) => {
          const [role, on] = at(site);
          return role.secant!(on, ...given);
        },
      }),
    };
  };
};
