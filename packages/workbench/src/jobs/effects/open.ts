/** A model and rows of a table whose columns can be moved: opened, read, named. */

import {
  type Ask,
  arrayOf,
  type Cell,
  type Explainer,
  fail,
  minOf,
  scoringOf,
  type TableCells,
  type TableFeature,
  type Tensor,
  type TensorType,
} from "@backlit/core";
import type { DataSet } from "../../data/item.ts";
import { openData } from "../../data/open.ts";
import { baseName } from "../../host/files.ts";
import { oneRuntime } from "../../host/host.ts";
import { hasFreeBatch } from "../../models/inputs.ts";
import { loadBundle } from "../../models/load.ts";
import type { Bundle } from "../../models/open.ts";
import { type RankedClass, titleOf, topClasses } from "../../rows/top.ts";
import { describeRows } from "../../words/progress.ts";
import { groupsByColumn } from "../groups.ts";
import { openRequested } from "../prepare.ts";
import type { JobContext } from "../request.ts";
import type { EffectsRequest } from "./request.ts";

export interface OpenTable extends AsyncDisposable {
  readonly bundle: Bundle;
  readonly lit: Explainer;
  readonly data: { readonly name: string; readonly sha256: string; readonly count: number };
  readonly cells: TableCells;
  readonly columns: readonly string[];
  /** As the data says them, a row each. */
  readonly labels: readonly (string | undefined)[];
  /** What the outputs of `ask` are: classes by their names, or numbers. */
  readonly outputs: readonly EffectOutput[];
  readonly ask: Ask;
}

export interface EffectOutput {
  readonly title: string;
  /** What the number is. */
  readonly of: "probability" | "score" | "value";
  readonly index: number;
}

/** Errors: NotFound, BadFile, BadModel, BadInput; Unsupported for data that is no table. */
export const openTable = async (request: EffectsRequest, context: JobContext): Promise<OpenTable> => {
  const { host, listener } = context;
  const bundle = await openRequested(request, context);
  listener.progress("reading the data");
  const set = await openData(host, request.data, bundle, request.label);
  set.notices.forEach(listener.note);
  const items = set.items.slice(0, request.limit);
  const rows = await Promise.all(items.map(async (item) => (await item.load()).feeds));
  const parts = partsOf(set, rows, request.data);
  listener.progress("tracing the model");
  const lit = await loadBundle(bundle, {
    ...{
      runtime: await oneRuntime(host, listener.note),
      dims: request.dims ?? {},
      held: request.held ?? {},
      float: request.float ?? false,
    },
    sample: rows[0]!,
  });
  const cells = rows.map((row) => parts.flatMap(({ input }) => Array.from(row[input]!.data as ArrayLike<Cell | bigint>, cellOf)));
  const asker = await askerOf(lit, { parts, cells, request, free: hasFreeBatch(bundle.model) }, context);
  return {
    ...{ bundle, lit, cells, ...asker },
    data: {
      name: (await host.files.info(request.data))?.name ?? baseName(request.data),
      sha256: set.sha256,
      count: items.length,
    },
    columns: parts.flatMap(({ names }) => names),
    labels: items.map(({ label }) => label),
    [Symbol.asyncDispose]: () => lit[Symbol.asyncDispose](),
  };
};

const cellOf = (value: Cell | bigint): Cell => (typeof value === "bigint" ? Number(value) : value);

/** One input of the model, and the columns of the table that it takes. */
interface Part {
  readonly input: string;
  readonly names: readonly string[];
  /** Of one row. */
  readonly dims: readonly number[];
  readonly type: TensorType;
}

const partsOf = ({ features }: DataSet, rows: readonly Readonly<Record<string, Tensor>>[], where: string): readonly Part[] => {
  const [first] = rows;
  if (first === undefined) throw fail("BadInput", { what: "no rows", where, fix: "give some" });
  return Object.entries(first).map(([input, { dims, type, data }]) => {
    if (dims[0] !== 1 || dims.length > 2)
      throw fail("Unsupported", {
        what: `rows of ${dims.slice(1).join("×")} numbers`,
        where,
        why: "columns of a table are moved",
        fix: "give a .csv, .parquet or .npy of rows and a model that takes them",
      });
    const names =
      features?.[input] ?? (data.length === 1 ? [input] : Array.from({ length: data.length }, (_, k) => `${input}[${k}]`));
    return { input, names, dims, type };
  });
};

interface Asked {
  readonly parts: readonly Part[];
  readonly cells: TableCells;
  readonly request: EffectsRequest;
  /** The model takes any number of rows. */
  readonly free: boolean;
}

const ROWS = 1024;

/** The model's answers as numbers, class by class; the first row's say what they are. */
const askerOf = async (
  lit: Explainer,
  { parts, cells, request: { output }, free }: Asked,
  { listener, signal }: JobContext,
): Promise<Pick<OpenTable, "ask" | "outputs">> => {
  const { plan } = lit.outline({ output });
  const read = { reading: plan.reading, scoring: scoringOf(plan), labels: lit.options.labels, count: Number.POSITIVE_INFINITY };
  const run = async (rows: readonly (readonly Cell[])[]) => {
    let from = 0;
    const feeds = Object.fromEntries(
      parts.map(({ input, names, dims, type }) => {
        const values = rows.flatMap((row) => row.slice(from, from + names.length));
        from += names.length;
        return [
          input,
          {
            type,
            dims: [rows.length, ...dims.slice(1)],
            data:
              type === "string"
                ? (values as string[])
                : arrayOf(type === "int64" ? (values as number[]).map(Math.round) : (values as number[]), type),
          } as Tensor,
        ];
      }),
    );
    const answer = await lit.predict(feeds, { output });
    return rows.map((_, n) => byIndex(topClasses(answer, n, { ...read, samples: rows.length })));
  };
  const first = (await run(cells.slice(0, 1)))[0]!;
  let [done, asked] = [0, 0];
  const started = performance.now();
  const size = free ? ROWS : 1;
  return {
    outputs: first.map((one, index) => ({ title: titleOf(one), of: kindOf(one), index })),
    ask: async (columns, rows) => {
      asked += rows.length;
      const answers: (readonly number[])[] = [];
      for (let from = 0; from < rows.length; from += size) {
        if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
        const some = rows.slice(from, from + size).map(({ row, cells: own }) => {
          const all = [...cells[row]!];
          for (const [k, column] of columns.entries()) all[column] = own[k]!;
          return all;
        });
        for (const answer of await run(some)) answers.push(answer.map((one) => one.probability ?? one.value ?? one.logit!));
        done += some.length;
        listener.working(describeRows(done, asked, performance.now() - started));
      }
      return answers;
    },
  };
};

/** In the order of the output's own values, not by rank. */
const byIndex = (classes: readonly RankedClass[]): readonly RankedClass[] =>
  [...classes].sort((a, b) => Number(a.index) - Number(b.index));

const kindOf = ({ probability, value, whole }: RankedClass): EffectOutput["of"] =>
  probability !== undefined ? "probability" : whole || value !== undefined ? "value" : "score";

/** The columns as features, with those that stand for one put together. Errors: Usage for names that no column has. */
export const featuresOf = (
  { columns }: Pick<OpenTable, "columns">,
  groups: EffectsRequest["groups"] = {},
): readonly TableFeature[] => {
  groupsByColumn(groups, columns);
  const grouped = Object.entries(groups).map(([name, own]) => ({ name, columns: own.map((one) => columns.indexOf(one)) }));
  const taken = new Map(grouped.flatMap((group) => group.columns.map((column) => [column, group] as const)));
  // A group stands where its first column does.
  return columns.flatMap((name, column): TableFeature[] => {
    const group = taken.get(column);
    if (group === undefined) return [{ name, columns: [column] }];
    return minOf(group.columns) === column ? [group] : [];
  });
};
