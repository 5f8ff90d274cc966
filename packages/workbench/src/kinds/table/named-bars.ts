/** Bars of values inside the graph, by what they stand for: n-grams of a text, categories of a column, a column's code. */
import type { Bar, Feature, FloatTensor, Tensor } from "@backlit/core";
import type { ExplainedRow } from "../../rows/explained.ts";

export interface NamedBar extends Bar {
  /** Where its spaces would not be seen otherwise. */
  readonly shown?: string;
  /** Of a category: the column it is one of, and its name where the row has it. */
  readonly column?: string;
  readonly category?: string;
}

export interface Named {
  readonly bars: readonly NamedBar[];
  /** Of n-grams that are not in the text, and categories the columns do not have. */
  readonly absent: { readonly count: number; readonly value: number };
}

export interface Drawn {
  /** What the input became there. */
  readonly values: Tensor | undefined;
  /** A difference is explained: what the references' categories had is their column's, too. */
  readonly compared: boolean;
}

/** N-grams that do not occur are counted together, categories too where they have no relevance. */
export const namedBars = (
  features: readonly Feature[],
  { data }: FloatTensor,
  { values, compared }: Drawn,
  row: ExplainedRow,
): Named => {
  const texts = new Set(features.flatMap(({ input, column, nGram }) => (nGram ? `${input} ${column}` : [])));
  const bars = new Map<string, NamedBar & { value: number }>();
  const absent = { count: 0, value: 0 };
  features.forEach((feature, i) => {
    const [value, at] = [data[i]!, Number(values?.data[i] ?? 1)];
    const whole = compared && feature.category !== undefined;
    if (at === 0 && !whole && (feature.nGram || (feature.category !== undefined && value === 0))) {
      absent.count++;
      absent.value += value;
      return;
    }
    // A category that the row does not have says nothing of its name.
    const name = whole && at === 0 ? columnOf(feature, row) : nameOf(feature, row, texts.size > 1);
    // A vector for a column has one bar; features that only share a name have their own.
    const key = feature.encoded || whole ? `${feature.input} ${feature.column}` : String(i);
    const known = bars.get(key);
    if (known) {
      known.value += value;
      if (whole && at !== 0) Object.assign(known, { name, ...categoryOf(feature, at, row) });
    } else {
      const given = whole ? {} : givenOf(feature, at, values, row);
      bars.set(key, { name, ...shownOf(name, feature), ...categoryOf(feature, at, row), ...given, value });
    }
  });
  return { bars: [...bars.values()], absent };
};

/** As it is counted or encoded, of the text it comes from where there are several. */
const nameOf = (feature: Feature, row: ExplainedRow, severalTexts: boolean): string => {
  const { category, nGram, encoded, binned } = feature;
  const column = columnOf(feature, row);
  if (nGram) return severalTexts ? `${column}: ${nGram.text}` : nGram.text;
  if (category !== undefined) return `${column}=${binned ? "bin " : ""}${category}`;
  const given = encoded ? cellOf(feature, row) : undefined;
  return typeof given === "string" ? `${column}=${given}` : column;
};

const categoryOf = (feature: Feature, at: number, row: ExplainedRow): Pick<NamedBar, "column" | "category"> =>
  feature.category === undefined
    ? {}
    : { column: columnOf(feature, row), ...(at !== 0 && { category: `${feature.binned ? "bin " : ""}${feature.category}` }) };

const shownOf = (name: string, { nGram }: Feature): { shown?: string } =>
  nGram?.ofCharacters && /\s/.test(name) ? { shown: name.replace(/\s/g, "␣") } : {};

const columnOf = ({ input, column }: Feature, { sample }: ExplainedRow): string => {
  const width = sample.feeds[input] === undefined ? 1 : widthOf(sample.feeds[input]);
  return sample.features?.[input]?.[column ?? 0] ?? (width === 1 ? input : `${input}[${column ?? 0}]`);
};

const widthOf = ({ dims }: Tensor): number => dims.slice(1).reduce((a, b) => a * b, 1);

/** What the input holds there. */
const cellOf = ({ input, column = 0 }: Feature, { sample, index = 0 }: ExplainedRow): string | number | bigint | undefined => {
  const tensor = sample.feeds[input];
  return tensor === undefined ? undefined : tensor.data[index * widthOf(tensor) + column];
};

/** Counts of n-grams, numbers, codes; a yes needs none. */
const givenOf = (feature: Feature, at: number, values: Tensor | undefined, row: ExplainedRow): { given?: string } => {
  if (feature.nGram || feature.category !== undefined)
    return values === undefined || (feature.category !== undefined && at === 1) ? {} : { given: short(at) };
  const cell = cellOf(feature, row);
  return cell === undefined || typeof cell === "string" ? {} : { given: short(Number(cell)) };
};

const short = (value: number): string => String(Number(value.toPrecision(4)));
