/** Reading the ledger: where the relevance of one explanation went. */
import { type Along, CAUSES, type Cause, COLUMNS, HEAD_ROW, type LedgerRow, WHOLE_BATCH } from "../emit/index.ts";
import { fail } from "../errors.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface LedgerEntry extends LedgerRow {
  readonly in: number;
  readonly out: number;
  readonly causes: Readonly<Partial<Record<Cause, number>>>;
  /** in − out − Σ causes: what no cause explains. */
  readonly rest: number;
}

export interface Ledger {
  /** From the output to the input. */
  readonly entries: readonly LedgerEntry[];
  /** Relevance put at the output. */
  readonly seed: number;
  /** Relevance that reached what is explained. */
  readonly arrived: number;
  readonly lost: Readonly<Partial<Record<Cause, number>>>;
  /** seed − arrived − Σ lost. */
  readonly rest: number;
  /** What --strict allows: 1e-4 of the largest sum on the way. */
  readonly tolerance: number;
  /** Samples are not known apart everywhere: seed, arrived, lost, rest and tolerance are sums over the batch, the same for every sample. */
  readonly wholeBatch?: true;
}

const STRICT = 1e-4;

type Maps = Readonly<Record<string, Pick<Tensor, "dims" | "data">>>;

export interface MapsAsked {
  readonly maps: Maps;
  /** Where samples lie in them, as far as they are known apart. */
  readonly samples: ReadonlyMap<string, Along>;
  /** The axis along which the maps of several classes stand. */
  classAxis(name: string): number;
}

/** One ledger per explained map: N, or N·K with several targets. */
export const readLedgers = (table: Tensor, rows: readonly LedgerRow[], asked: MapsAsked): readonly Ledger[] => {
  const { maps, samples } = asked;
  const cells = table.data as Float32Array;
  const width = COLUMNS.length;
  const [count, targets] = [table.dims[0] ?? 1, table.dims.length === 4 ? table.dims[1]! : 1];
  const arrivals = arrivalsOf(asked, count, targets);
  const ledgers = arrivals.map(({ sum, size }, map): Ledger => {
    const entries = rows.map((row, r): LedgerEntry => {
      const at = (map * rows.length + r) * width;
      const value = (column: (typeof COLUMNS)[number]) => cells[at + COLUMNS.indexOf(column)]!;
      const causes = Object.fromEntries(
        CAUSES.map((cause) => [cause, value(cause)]).filter(([, v]) => v !== 0),
      ) as LedgerEntry["causes"];
      const explained = Object.values(causes).reduce((a, b) => a + b, 0);
      return { ...row, in: value("in"), out: value("out"), causes, rest: value("in") - value("out") - explained };
    });
    const seed = seedIn(entries) ?? sum;
    const largest = entries.reduce((m, e) => Math.max(m, Math.abs(e.in), Math.abs(e.out)), Math.max(Math.abs(seed), size));
    return balanced({ entries, seed, arrived: sum, lost: lostIn(entries), tolerance: STRICT * largest });
  });
  const whole = rows.some(isWhole) || Object.keys(maps).some((name) => !samples.has(name));
  return whole && count > 1
    ? ledgers.map((ledger, map) =>
        overBatch(
          ledger,
          ledgers.filter((_, k) => (k - map) % targets === 0),
        ),
      )
    : ledgers;
};

const isWhole = ({ node }: LedgerRow): boolean => node.endsWith(WHOLE_BATCH);

/** What enters at the head is its first row; the head's bias is outside the seed. */
const seedIn = ([first]: readonly LedgerEntry[]): number | undefined => (first?.op === HEAD_ROW ? first.out : first?.in);

const lostIn = (entries: readonly LedgerEntry[]): Ledger["lost"] => {
  const lost: Partial<Record<Cause, number>> = {};
  for (const { op, causes } of entries)
    if (op !== HEAD_ROW) for (const [cause, v] of Object.entries(causes)) lost[cause as Cause] = (lost[cause as Cause] ?? 0) + v;
  return lost;
};

const balanced = (ledger: Omit<Ledger, "rest">): Ledger => ({
  ...ledger,
  rest: ledger.seed - ledger.arrived - Object.values(ledger.lost).reduce((a, b) => a + b, 0),
});

/** The books of the batch: rows of single samples are summed up, those of the whole batch count once. */
const overBatch = (own: Ledger, all: readonly Ledger[]): Ledger => {
  const total = (of: (ledger: Ledger) => number) => all.reduce((sum, ledger) => sum + of(ledger), 0);
  const once = own.entries.filter(isWhole);
  const apart = all.flatMap(({ entries }) => entries.filter((row) => !isWhole(row)));
  return balanced({
    entries: own.entries,
    seed: own.entries[0] !== undefined && isWhole(own.entries[0]) ? own.seed : total(({ seed }) => seed),
    arrived: total(({ arrived }) => arrived),
    lost: lostIn([...once, ...apart]),
    tolerance: total(({ tolerance }) => tolerance),
    wholeBatch: true,
  });
};

/** Σ R and Σ|R| by sample and target, over all explained values; equal shares where samples are not known apart. */
const arrivalsOf = ({ maps, samples, classAxis }: MapsAsked, count: number, targets: number): { sum: number; size: number }[] => {
  const found = Array.from({ length: count * targets }, () => ({ sum: 0, size: 0 }));
  for (const [name, { dims, data }] of Object.entries(maps)) {
    const along = samples.get(name);
    const classes = classAxis(name);
    const axis = along === undefined || targets === 1 || along.axis < classes ? (along?.axis ?? 0) : along.axis + 1;
    const strideOf = (at: number) => dims.slice(at + 1).reduce((a, b) => a * b, 1);
    const [stride, target] = [strideOf(axis), strideOf(classes)];
    const size = dims[axis] ?? 1;
    const run = along?.inner ?? size / count / (along?.outer ?? 1);
    (data as Float32Array).forEach((v, i) => {
      const k = targets === 1 ? 0 : Math.floor(i / target) % targets;
      const put = (n: number, share: number) => {
        found[n * targets + k]!.sum += v * share;
        found[n * targets + k]!.size += Math.abs(v) * share;
      };
      if (along === undefined) for (let n = 0; n < count; n++) put(n, 1 / count);
      else put(Math.floor((Math.floor(i / stride) % size) / run) % count, 1);
    });
  }
  return found;
};

/** Throws "NotConserved" when a ledger does not add up. */
export const checkConserved = (ledger: Ledger): void => {
  if (Math.abs(ledger.rest) <= ledger.tolerance) return;
  const worst = ledger.entries.reduce((a, b) => (Math.abs(b.rest) > Math.abs(a.rest) ? b : a));
  throw fail("NotConserved", {
    what: `relevance ${ledger.rest.toPrecision(3)} of a seed of ${ledger.seed.toPrecision(3)} is unexplained`,
    where: `most of it at node '${worst.node}' (${worst.op}, ${worst.rule})`,
    why: `strict allows ${ledger.tolerance.toPrecision(2)}`,
  });
};
