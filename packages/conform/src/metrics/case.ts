/** Cases of evaluation metrics, format golden-metrics/1 (conformance/metrics/README.md). */
import { fail } from "@backlit/core";

export type Json = Readonly<Record<string, unknown>>;

export interface ExpectedScalar {
  /** null: undefined for this image. */
  readonly per_sample: readonly (number | null)[];
  readonly mean: number | null;
  readonly tolerance: number;
}

interface ExpectedCurve {
  readonly file: string;
  readonly tolerance: number;
}

export interface MetricExpectation {
  readonly id: string;
  readonly metric: string;
  /** Name of the map that is judged. */
  readonly relevance?: string;
  readonly direction?: string;
  readonly params: Json;
  readonly scalars: Readonly<Record<string, ExpectedScalar>>;
  readonly curves: Readonly<Record<string, ExpectedCurve>>;
  readonly dataset_scalars: Readonly<Record<string, { readonly value: number | null; readonly tolerance: number }>>;
  /** Whatever else is to hold: ties, fraction, fraction_mif, r_oms. */
  readonly more: Json;
}

export interface Relation {
  readonly type: string;
  readonly a: string;
  readonly b?: string;
  readonly scalar?: string;
  readonly holds?: boolean;
}

export interface MetricsCase {
  readonly dir: string;
  readonly name: string;
  readonly format: "golden-metrics/1";
  readonly model: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly output?: string;
  readonly targets: string;
  readonly forward?: string;
  readonly forward_noise?: number;
  readonly relevance: Readonly<Record<string, { readonly file: string }>>;
  readonly masks?: { readonly file: string };
  readonly expected: readonly MetricExpectation[];
  readonly relations: readonly Relation[];
}

/** Said for people, or of the file itself: nothing to be computed. */
const NOTES = new Set(["note", "what", "cross_check"]);

/** Errors: BadInput, where the case is no list of expectations. */
export const metricsCase = (dir: string, name: string, json: Json): MetricsCase => {
  const { expected, relations = [], model = "model.onnx", targets = "targets.json", inputs, relevance = {}, ...rest } = json;
  if (!Array.isArray(expected) || expected.length === 0)
    throw fail("BadInput", { what: "a metrics case without a list 'expected'", where: name });
  if (!isRecord(inputs) || !isRecord(relevance) || !Array.isArray(relations))
    throw fail("BadInput", { what: "a metrics case without its inputs, relevance or relations", where: name });
  return {
    ...(rest as unknown as MetricsCase),
    dir,
    name,
    model: String(model),
    targets: String(targets),
    inputs: inputs as MetricsCase["inputs"],
    relevance: relevance as MetricsCase["relevance"],
    relations: relations as readonly Relation[],
    expected: expected.map(expectation),
  };
};

const expectation = (entry: Json, i: number): MetricExpectation => {
  const { id = `#${i}`, metric = "", relevance, direction, params = {}, scalars = {}, curves = {}, ...rest } = entry;
  const { dataset_scalars = {}, ...more } = rest;
  return {
    id: String(id),
    metric: String(metric),
    ...(relevance !== undefined && { relevance: String(relevance) }),
    ...(direction !== undefined && { direction: String(direction) }),
    params: params as Json,
    scalars: scalars as MetricExpectation["scalars"],
    curves: curves as MetricExpectation["curves"],
    dataset_scalars: dataset_scalars as MetricExpectation["dataset_scalars"],
    more: Object.fromEntries(Object.entries(more).filter(([key]) => !NOTES.has(key))),
  };
};

export const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
