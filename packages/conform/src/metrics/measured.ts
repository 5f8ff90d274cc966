/** Entries whose numbers our metrics give: each name is read, the metric that has it is run with the entry's parameters. */
import { directionOf, type FloatTensor, type Measured, type MeasuredCurve, type Metric } from "@backlit/core";
import type { Bench } from "./bench.ts";
import type { Json, MetricExpectation } from "./case.ts";
import { datasetScalar } from "./dataset.ts";
import { type Found, type Numbers, stacked } from "./found.ts";
import { mapsOf } from "./maps.ts";
import { candidates } from "./metric-names.ts";
import { type MapChange, type Name, namesOf } from "./names.ts";
import { settingFor } from "./params.ts";
import { type Setting, unsupported } from "./setting.ts";

export class MeasuredEntry implements Found {
  readonly #known = new Map<string, Promise<Measured>>();

  constructor(
    readonly bench: Bench,
    readonly entry: MetricExpectation,
    /** Choices made here, not by the entry's files. */
    readonly given: Setting["given"] = {},
  ) {}

  async scalar(name: string): Promise<ArrayLike<number>> {
    if (name === "ties") return this.ties();
    const { metric, reading } = this.#named(name);
    const found = (await this.#measure(metric, reading)).scores[reading.base];
    if (found === undefined) throw unsupported(`scalar '${name}'`);
    return found;
  }

  async curve(name: string): Promise<Numbers> {
    return stacked((await this.measuredCurve(name)).values);
  }

  async measuredCurve(name: string): Promise<MeasuredCurve> {
    const own = this.#own();
    for (const reading of namesOf(name)) {
      const { curves = {} } = await this.#measure(own, reading);
      const found = reading.base === "" ? curves[mainCurve(curves)] : curves[reading.base];
      if (found !== undefined) return found;
    }
    throw unsupported(`curve '${name}'`);
  }

  dataset(name: string): Promise<number> {
    return datasetScalar(name, this, this.entry.params);
  }

  async fraction(name: string): Promise<Numbers> {
    const curve = await this.measuredCurve(name === "" ? (Object.keys(this.entry.curves)[0] ?? "logit") : name);
    return stacked(curve.at);
  }

  async ties(): Promise<ArrayLike<number>> {
    const { ties } = await this.#measure(this.#own(), { base: "" });
    if (ties === undefined) throw unsupported("ties");
    return ties;
  }

  async direction(name: string): Promise<string | undefined> {
    const { metric, reading } = this.#named(name);
    const { params } = await this.#setting(metric, reading);
    return directionOf(metric.card, reading.base, params);
  }

  #own(): Metric {
    const [own] = candidates(this.entry, "");
    if (own === undefined) throw unsupported(`metric '${this.entry.metric}'`);
    return own;
  }

  /** The metric that has a number of this name. */
  #named(name: string): { readonly metric: Metric; readonly reading: Name } {
    for (const reading of namesOf(name))
      for (const metric of candidates(this.entry, reading.base)) {
        // "road_combined" is the score combined of road.
        const short = reading.base.replace(`${metric.card.name}_`, "");
        const base = [reading.base, short].find((own) => metric.card.scores[own] !== undefined);
        if (base !== undefined) return { metric, reading: { ...reading, base } };
      }
    this.#own();
    throw unsupported(`scalar '${name}' of metric '${this.entry.metric}'`);
  }

  async #setting(metric: Metric, { score, order, params }: Name): Promise<Setting> {
    const setting = await settingFor(
      metric,
      this.entry.params,
      { score: score ?? defaultScore(this.entry.params), ...(order && { order }), ...(params && { params }) },
      this.bench.reading,
    );
    return { ...setting, given: { ...setting.given, ...this.given } };
  }

  async #measure(metric: Metric, reading: Name): Promise<Measured> {
    const setting = await this.#setting(metric, reading);
    const key = JSON.stringify([metric.card.name, setting.params, reading.map]);
    const known = this.#known.get(key) ?? this.#run(metric, setting, reading.map);
    this.#known.set(key, known);
    return known;
  }

  async #run(metric: Metric, setting: Setting, change: MapChange | undefined): Promise<Measured> {
    const { given, ...of } = await mapsOf(this.bench, this.entry, metric);
    const relevance = change === undefined ? of.relevance : changed(of.relevance, change);
    return this.bench.measure(metric, { ...setting, given: { ...setting.given, ...given } }, { ...of, relevance });
  }
}

/** Closed forms of linear models are forms of the logit. */
const defaultScore = ({ score }: Json): string => String((Array.isArray(score) ? score[0] : score) ?? "logit");

/** Metrics of one curve name it as they like; that of the second class stands beside it. */
const mainCurve = (curves: Readonly<Record<string, MeasuredCurve>>): string =>
  Object.keys(curves).find((name) => !name.startsWith("runner")) ?? "";

const CHANGES: Readonly<Record<MapChange, number>> = { half: 0.5, negated: -1, self: 1 };

const changed = (map: FloatTensor, change: MapChange): FloatTensor => ({
  ...map,
  data: map.data.map((value) => CHANGES[change] * value),
});
