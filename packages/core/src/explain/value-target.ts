/** `value` and `value:NAME`: a number that is no class, by the name of its output or of its column, as the output and index it is. */

import type { Planned } from "../compile/index.ts";
import { fail } from "../errors.ts";
import type { ModelProto } from "../onnx/index.ts";
import { wide } from "../oracle/score.ts";
import { isFloat } from "../reading/element-kinds.ts";
import type { OutputKind, OutputReading } from "../reading/index.ts";
import type { OutlineAsked } from "./outline.ts";
import type { ExplainOptions } from "./types.ts";

/** An output as it is read, and the sizes a target names an index of. */
export interface ValueOutput {
  readonly name: string;
  readonly reading: OutputReading;
  readonly sizes: readonly (number | null)[];
}

const VALUES: readonly OutputKind[] = ["regression", "outlier-score", "values"];

const holdsValues = ({ reading }: ValueOutput): boolean => VALUES.includes(reading.kind);

/** The name behind `value:`, "" for `value` alone; undefined for other targets. */
const valueName = (target: unknown, labels: readonly string[] | undefined): string | undefined => {
  if (typeof target !== "string" || labels?.includes(target)) return undefined;
  return target === "value" ? "" : /^value:(.+)$/s.exec(target)?.[1];
};

/** The model's float outputs, or the one asked for. */
export const readOutputs = (
  { graph }: ModelProto,
  outline: (asked: OutlineAsked) => Planned,
  asked: string | undefined,
): readonly ValueOutput[] => {
  const names = asked === undefined ? graph.output.filter(isFloat).map(({ name }) => name) : [asked];
  return names.flatMap((name) => {
    try {
      const { plan, canonical } = outline({ output: name });
      const sizes = wide(canonical.facts.shapeOf(plan.start).filter((_, axis) => axis !== plan.batchAxis));
      return [{ name, reading: plan.reading, sizes }];
    } catch (error) {
      if (asked !== undefined) throw error;
      return []; // it does not hang on what is explained
    }
  });
};

/** "classes run from 0 to 9": what an index can be. */
export const indicesOf = ([output]: readonly ValueOutput[]): string => {
  const { sizes = [], reading } = output ?? {};
  if (sizes.length > 1) return `it is one for each axis, of ${sizes.map((size) => size ?? "any").join("×")}`;
  const count = reading?.twoClasses ? 2 : sizes.length === 0 ? 1 : sizes[0]!;
  return count === null ? "classes run from 0 on" : `classes run from 0 to ${count - 1}`;
};

type Asked = Pick<ExplainOptions, "target" | "output">;

/** The same choices, values among their targets as outputs and indices. `read`: outputs of the model, or the one named. Errors: BadTarget. */
export const settleValues = <C extends Asked>(
  choices: C,
  labels: readonly string[] | undefined,
  read: (output: string | undefined) => readonly ValueOutput[],
): C => {
  const { target, output } = choices;
  const list = typeof target === "object" && "list" in target ? target.list : undefined;
  const all = (list ?? [target]).map((one) => {
    const name = valueName(one, labels);
    return name === undefined ? undefined : valueTarget(name, read(output), labels);
  });
  const outputs = [...new Set(all.flatMap((one) => one?.output ?? []))];
  if (outputs.length === 0) return choices;
  if (outputs.length > 1)
    throw fail("BadTarget", {
      what: `values of ${outputs.join(" and ")}`,
      why: "one run explains one output",
      fix: "name them in runs of their own",
    });
  const settled = all.map((one, i) => (one === undefined ? (list ?? [])[i]! : `index:${one.index.join(",")}`));
  return { ...choices, output: outputs[0], target: list === undefined ? settled[0] : { list: settled } };
};

/** Where nobody names one: a single value needs no name, several do. Errors: BadTarget. */
export const checkNamed = (
  { target, output }: Asked,
  { reading, width }: { readonly reading: OutputReading; readonly width: number | null },
  read: (output: string | undefined) => readonly ValueOutput[],
  labels: readonly string[] | undefined,
): void => {
  if (target !== undefined || !NAMED.includes(reading.kind)) return;
  if (width !== 1) valueTarget("", read(reading.output), labels);
  else if (output === undefined)
    valueTarget(
      "",
      read(undefined).filter((one) => NAMED.includes(one.reading.kind)),
      labels,
    );
};

/** Kinds whose numbers are no rivals of each other: the largest of several is no answer. */
const NAMED: readonly OutputKind[] = ["regression", "outlier-score"];

interface ValueTarget {
  readonly output: string;
  readonly index: readonly number[];
}

/** Errors: BadTarget, which names what there is. */
const valueTarget = (name: string, outputs: readonly ValueOutput[], labels: readonly string[] | undefined): ValueTarget => {
  const values = outputs.filter(holdsValues);
  const said = `target '${name === "" ? "value" : `value:${name}`}'`;
  if (values.length === 0)
    throw fail("BadTarget", {
      what: said,
      why: outputs.map(({ name, reading }) => `output '${name}' holds ${reading.kind.replaceAll("-", " ")}`).join(", "),
      fix: "name a class, or say with --output-kind regression that it is a value",
    });
  const own = name === "" ? (values.length === 1 ? values[0] : undefined) : values.find((one) => one.name === name);
  if (own !== undefined && own.sizes.length === 0) return { output: own.name, index: [own.reading.twoClasses ? 1 : 0] };
  const columns = own === undefined ? values.filter(({ sizes }) => sizes.length === 1) : [own];
  const [column] = columns;
  if (name !== "" && own === undefined && columns.length === 1) {
    const at = columnOf(name, column!, labels);
    if (at !== undefined) return { output: column!.name, index: [at] };
  }
  const names = values.flatMap((one) => namesIn(one, labels));
  throw fail("BadTarget", {
    what: said,
    why: `the model has ${names.length > 0 ? `the values ${names.slice(0, MOST).join(", ")}${names.length > MOST ? ", …" : ""}` : "values along several axes"}`,
    fix: names.length > 0 ? "name one, as in value:NAME" : "give one index for each axis: i,j",
  });
};

const MOST = 12;

const columnOf = (name: string, { sizes }: ValueOutput, labels: readonly string[] | undefined): number | undefined => {
  const named = labels?.indexOf(name) ?? -1;
  if (named >= 0) return named;
  const index = /^\d{1,9}$/.test(name) ? Number(name) : undefined;
  return index !== undefined && (sizes[0] === null || index < sizes[0]!) ? index : undefined;
};

/** What can be said behind `value:`. */
const namesIn = ({ name, sizes }: ValueOutput, labels: readonly string[] | undefined): readonly string[] => {
  if (sizes.length === 0) return [name];
  if (sizes.length > 1) return [];
  return labels !== undefined && labels.length === sizes[0] ? labels : Array.from({ length: sizes[0] ?? 0 }, (_, i) => String(i));
};
