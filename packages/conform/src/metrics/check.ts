/** An entry's expectations against what is found for them. */
import type { ExpectedScalar, Json, MetricExpectation } from "./case.ts";
import { isRecord } from "./case.ts";
import { Worst } from "./compare.ts";
import type { Files } from "./files.ts";
import type { Found, Numbers } from "./found.ts";
import { unsupported } from "./setting.ts";

/** What was found, kept for relations between entries. */
export interface Measurements {
  readonly scalars: Readonly<Record<string, ArrayLike<number>>>;
  readonly curves: Readonly<Record<string, Numbers>>;
}

/** Shares of an input that are changed: quotients of whole numbers. */
const FRACTION = 1e-9;

/** Errors: Unsupported for what backlit has not; NotFound, BadInput for files. */
export const checkEntry = async (
  entry: MetricExpectation,
  found: Found,
  files: Files,
): Promise<{ readonly worst: Worst; readonly measured: Measurements }> => {
  const worst = new Worst();
  const scalars: Record<string, ArrayLike<number>> = {};
  const curves: Record<string, Numbers> = {};
  for (const [name, expected] of Object.entries(entry.scalars)) {
    scalars[name] = await found.scalar(name);
    checkScalar(worst, name, scalars[name], expected);
  }
  for (const [name, { file, tolerance }] of Object.entries(entry.curves)) {
    curves[name] = await found.curve(name);
    const { dims, data } = await files.array(file);
    checkArray(
      worst,
      `curve ${name}`,
      curves[name],
      { dims, data: Float64Array.from(data as ArrayLike<number>, Number) },
      tolerance,
    );
  }
  for (const [name, { value, tolerance }] of Object.entries(entry.dataset_scalars))
    worst.number(name, await found.dataset(name), numberOr(value), tolerance);
  for (const [key, value] of Object.entries(entry.more)) await checkMore(worst, key, value, found);
  await checkDirection(worst, entry, found);
  if (worst.difference === undefined) worst.fails("the entry expects nothing");
  return { worst, measured: { scalars, curves } };
};

const checkScalar = (
  worst: Worst,
  name: string,
  got: ArrayLike<number>,
  { per_sample: each, mean, tolerance }: ExpectedScalar,
) => {
  if (!Array.isArray(each)) return worst.fails(`scalar ${name} has no list per_sample`);
  worst.numbers(name, got, each.map(numberOr), tolerance);
  const defined = Array.from(got).filter((value) => !Number.isNaN(value));
  const own = defined.reduce((a, b) => a + b, 0) / defined.length;
  if (mean !== undefined) worst.number(`mean of ${name}`, own, numberOr(mean), tolerance);
};

const checkArray = (worst: Worst, what: string, got: Numbers, want: Numbers, tolerance: number): void => {
  if (got.dims.join() !== want.dims.join()) worst.fails(`${what}: shape ${got.dims.join("×")} instead of ${want.dims.join("×")}`);
  else worst.numbers(what, got.data, want.data, tolerance, want.data.length / Math.max(1, want.dims[0] ?? 1));
};

/** `fraction`, `fraction_mif`, `ties`, `r_oms`. */
const checkMore = async (worst: Worst, key: string, value: unknown, found: Found): Promise<void> => {
  const [, curve] = /^fraction(?:_(\w+))?$/.exec(key) ?? [];
  if (key.startsWith("fraction") && (curve !== undefined || key === "fraction")) {
    const rows = isRecord(value) ? value.per_sample : value;
    if (!Array.isArray(rows)) return worst.fails(`${key} is no list`);
    const lists = (Array.isArray(rows[0]) ? rows : [rows]) as readonly (readonly number[])[];
    const want = { dims: [lists.length, lists[0]?.length ?? 0], data: lists.flat() };
    return checkArray(worst, key, await found.fraction(curve ?? ""), want, FRACTION);
  }
  if (key === "ties") return worst.numbers("ties", await found.ties(), value as readonly number[], 0);
  // The area of random orders under the name the paper gives it.
  if (key === "r_oms") return void (await found.scalar(String(value)));
  throw unsupported(`'${key}' of an entry`);
};

/** One direction stands for the entry: that of one of its numbers. */
const checkDirection = async (worst: Worst, { direction, scalars }: MetricExpectation, found: Found): Promise<void> => {
  if (direction === undefined) return;
  const own = await Promise.all(Object.keys(scalars).map((name) => found.direction(name)));
  if (own.length > 0 && !own.includes(direction)) worst.fails(`direction ${own[0] ?? "of neither way"} instead of ${direction}`);
};

const numberOr = (value: Json[string]): number => (typeof value === "number" ? value : Number.NaN);
