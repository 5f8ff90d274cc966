/** What stands in for removed values when nobody chooses. */
import type { EvaluationData, Explainer, ExplainOptions, FloatTensor, Tensor } from "@backlit/core";
import { modelInputs } from "../../models/inputs.ts";
import { drawingOf } from "../../rows/explained.ts";

export interface Usual {
  readonly data: Pick<EvaluationData, "count" | "chunk" | "read">;
  /** The values that are explained, and how that was asked for. */
  readonly explained: readonly string[];
  readonly asked: Pick<ExplainOptions, "explain" | "output">;
  readonly references?: FloatTensor | undefined;
  note(text: string): void;
}

/**
 * Zero, and blur where the explained input has neighbours. Of a table the usual row, a number a column: 0 is none where columns are raw.
 * With references it is one of them, drawn for each repeat; else that of the mean given, of the model's own scaler, else of the data. Errors: those of reading the data.
 */
export const usualImputers = async (lit: Explainer, usual: Usual): Promise<readonly string[]> => {
  const { explained } = usual;
  const inputs = explained.filter((name) => modelInputs(lit.model).some((input) => input.name === name));
  if (inputs.length === 0) return tokenOf(lit, usual);
  const ranks = inputs.map((name) => lit.facts.shapes.get(name)?.length ?? 0);
  if (ranks.some((rank) => rank >= 3)) return hasNeighbours(lit, usual) ? ["zero", "blur"] : ["zero"];
  if (ranks.some((rank) => rank !== 2) || !lit.takesTable) return ["zero"];
  if (usual.references !== undefined) {
    usual.note(
      "removed values of a row become those of a row of the references, drawn anew in each repeat (--imputer zero takes 0)",
    );
    return ["references"];
  }
  const { values, what } = await usualRow(lit, usual);
  if (values.length === 0) return ["zero"];
  usual.note(`removed values of a row become those of a usual row: ${what} (--imputer zero takes 0)`);
  return [`constant:${values.map(short).join(",")}`];
};

/** Rows of a bag have none, and several values are one row. */
const hasNeighbours = (lit: Explainer, { explained, asked }: Usual): boolean => {
  const { plan, reading } = lit.outline(asked);
  const [only, ...others] = explained as [string];
  return others.length === 0 && drawingOf(reading, plan)[only]!.kind === "space";
};

/** Of a text its mask token or padding, where the tokenizer has one. */
const tokenOf = (lit: Explainer, { asked, note }: Usual): readonly string[] => {
  const token = lit.usualToken(asked);
  if (token === undefined) return ["zero"];
  note(`removed tokens become ${token.what} (--imputer zero takes zeros)`);
  return [token.name];
};

/** The last digits of float32 are noise. */
const short = (value: number): string => String(Number(value.toPrecision(6)));

const usualRow = async (
  lit: Explainer,
  { data, explained, asked }: Usual,
): Promise<{ readonly values: readonly number[]; readonly what: string }> => {
  const known = lit.usualRow(asked);
  if (known !== undefined) return { values: [known.mean].flat(), what: known.what };
  const rows = new Map(explained.map((name): [string, Tensor[]] => [name, []]));
  const { chunk = 16, count } = data;
  for (let from = 0; from < count; from += chunk) {
    const { x } = await data.read(from, Math.min(chunk, count - from));
    for (const [name, parts] of rows) {
      const own = "data" in x ? (x as Tensor) : x[name];
      if (own) parts.push(own);
    }
  }
  const means = [...rows].map(([name, parts]) => (parts.length > 0 ? columnMeans(parts) : zeros(lit, name)));
  const inside = [...rows.values()].some((parts) => parts.length === 0);
  return {
    values: means.some(({ length }) => length === 0) ? [] : means.flat(),
    what: `the means of the data's columns${inside ? ", and 0 of what is looked up inside the model" : ""}`,
  };
};

/** Of a value inside the model, a number a column. */
const zeros = (lit: Explainer, value: string): readonly number[] => Array(lit.facts.shapes.get(value)?.at(-1) ?? 0).fill(0);

/** What is missing (NaN) does not count; no means where a column has nothing. */
const columnMeans = (parts: readonly Tensor[]): readonly number[] => {
  const width = parts[0]?.dims.at(-1) ?? 0;
  const [sums, counts] = [new Float64Array(width), new Float64Array(width)];
  for (const { data } of parts)
    for (const [i, value] of Array.from(data as ArrayLike<number>, Number).entries()) {
      if (!Number.isFinite(value)) continue;
      sums[i % width]! += value;
      counts[i % width]! += 1;
    }
  const means = Array.from(sums, (sum, i) => sum / counts[i]!);
  return means.every(Number.isFinite) ? means : [];
};
