/** Equalities between entries of a case, held by what was found for them. */
import type { Result } from "../verdict.ts";
import type { MetricExpectation, Relation } from "./case.ts";
import type { Measurements } from "./check.ts";
import { Worst } from "./compare.ts";
import { unsupported } from "./setting.ts";

export interface Related {
  readonly entry: MetricExpectation;
  /** Left out where the entry could not be measured. */
  readonly measured?: Measurements;
}

export const relationName = ({ type, a, b, scalar }: Relation): string =>
  `relation ${[type, a, b, scalar].filter((word) => word !== undefined).join(" ")}`;

/** What each value of a is to be, by that of b. */
const TYPES: Readonly<Record<string, (b: number) => number>> = {
  equal: (b) => b,
  negated: (b) => -b,
  zero: () => 0,
};

/** Errors: Unsupported. */
export const checkRelation = ({ type, a, b, scalar, holds = true }: Relation, entries: ReadonlyMap<string, Related>): Result => {
  const wanted = TYPES[type];
  if (wanted === undefined) throw unsupported(`relation '${type}'`);
  const [first, second] = [a, type === "zero" ? a : (b ?? "")].map((id) => {
    const found = entries.get(id);
    if (found === undefined) return `there is no entry '${id}'`;
    return found.measured === undefined ? `entry '${id}' could not be measured` : found;
  });
  if (typeof first === "string") return { status: "failed", reason: first };
  if (typeof second === "string") return { status: "failed", reason: second };
  const worst = new Worst();
  for (const [name, values] of numbersOf(first!, scalar)) {
    const others = numbersOf(second!, scalar).get(name);
    if (others === undefined) worst.fails(`entry '${b}' has no ${name}`);
    else
      worst.numbers(
        name,
        values.data,
        Array.from(others.data, wanted),
        type === "zero" ? 0 : Math.min(values.tolerance, others.tolerance),
      );
  }
  if (worst.difference === undefined) return { status: "failed", reason: `entry '${a}' has no scalar '${scalar}'` };
  const { error, tolerance, where } = worst.difference;
  if (worst.holds === holds) return { status: "passed", ...(holds && { error, tolerance }) };
  return { status: "failed", reason: holds ? where : "it holds, and is not to" };
};

/** One scalar, or all numbers of the entry. */
const numbersOf = ({ entry, measured }: Related, scalar: string | undefined) => {
  const { scalars = {}, curves = {} } = measured ?? {};
  const named = Object.entries(scalars).filter(([name]) => scalar === undefined || name === scalar);
  return new Map([
    ...named.map(([name, data]) => [name, { data, tolerance: entry.scalars[name]!.tolerance }] as const),
    ...Object.entries(scalar === undefined ? curves : {}).map(
      ([name, { data }]) => [`curve ${name}`, { data, tolerance: entry.curves[name]!.tolerance }] as const,
    ),
  ]);
};
