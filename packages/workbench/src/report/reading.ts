/** How a model was read, as a document and in words: its axes, which of its rows are samples, what its output means. */
import type { AxisReading, Choices, Explainer, OutputReading, Plan, Planned } from "@backlit/core";

export interface ReadingDocument {
  readonly output: ReturnType<typeof readingOf>;
  /** Of inputs and of explained values inside the graph. */
  readonly axes: Readonly<Record<string, readonly (AxisReading & { readonly size: number | null })[]>>;
  readonly samples: {
    /** False: everything given is one sample. */
    readonly independent: boolean;
    /** The axis that counts samples, of the explained output and of the explained values; null: none. */
    readonly batch_axis: Readonly<Record<string, number | null>>;
    readonly why: string;
  };
}

/** What was read from a model, as JSON: `backlit inspect --json` prints it. */
export const readingDocument = ({ facts }: Explainer, { reading, plan }: Planned): ReadingDocument => {
  const { samples, explained, start } = plan;
  const names = [...new Set([...Object.keys(reading.axes.inputs), ...explained])];
  const axes = names.map((name) => {
    const shape = facts.shapes.get(name) ?? [];
    return [name, (reading.axes.of(name) ?? []).map((axis, i) => ({ ...axis, size: shape[i] ?? null }))] as const;
  });
  const batch = [...explained, start].map((name) => [name, (name === start ? samples.batchAxis : samples.of(name)) ?? null]);
  return {
    output: readingOf(plan.reading),
    axes: Object.fromEntries(axes),
    samples: { independent: samples.independent, batch_axis: Object.fromEntries(batch), why: samples.why },
  };
};

/** A line for each value, and one for the samples. */
export const readingLines = ({ axes, samples }: ReadingDocument): readonly string[] => [
  ...Object.entries(axes).map(([name, own]) => {
    const roles = own.map(({ role, size }) => (size === null ? role : `${role} ${size}`)).join(" × ");
    const why = [...new Set(own.map((axis) => axis.why))].join("; ");
    return `  axes       ${name}: ${roles}${own.length > 0 ? ` (${why})` : "one number"}`;
  }),
  `  samples    ${samples.independent ? "rows are samples of their own" : "one sample"}: ${samples.why}`,
];

/** Keys are a contract of `--json`. */
export const readingOf = ({ output, kind, why, guessed, classAxis, whyAxis, link }: OutputReading) => ({
  output,
  kind,
  why,
  guessed,
  class_axis: classAxis ?? null,
  why_axis: whyAxis,
  start: link.start,
  made_by: link.kind,
});

const ONLY = "it is the only one";

/** "output 'y' holds logits (guessed: …), classes along axis 1" */
export const readingLine = (reading: OutputReading): string => {
  const { output, kind, why, guessed, twoClasses } = reading;
  const held =
    kind === "values" && twoClasses
      ? "one number, explained as it is (--target 0 or 1 takes it for a logit)"
      : kind.replaceAll("-", " ");
  return `output '${output}': ${held} (${guessed ? "guessed: " : ""}${why})${axisWords(reading)}${signWords(reading)}`;
};

/** What the explained output holds: a detector's is boxes, whatever its numbers look like by themselves. */
export const outputLine = (lit: Explainer, { output }: Pick<Choices, "output">, { reading }: Plan): string => {
  const found = lit.detects;
  const boxes = found !== undefined && (output === undefined || output === found.value);
  return boxes ? `output '${reading.output}': boxes (${found.why})` : readingLine(reading);
};

const axisWords = ({ classAxis, whyAxis, link, classes, twoClasses }: OutputReading): string => {
  if (classAxis === undefined || twoClasses || !classes) return "";
  return `; classes along axis ${classAxis}${link.axis === undefined && whyAxis !== ONLY ? ` (${whyAxis})` : ""}`;
};

const signWords = ({ output, kind, sign }: OutputReading): string => {
  if (kind === "distances") return "; positive speaks for nearness";
  if (kind !== "outlier-score") return "";
  return sign < 0 ? `; explained is -${output}: larger is more unusual` : "; larger is more unusual";
};
