/** What an evaluation found, in sentences: who won and how surely, or why nobody did. */
import type { EvaluationResult } from "../../evaluate/result.ts";
import type { Comparison, MethodSummary, TableSummary } from "../../evaluate/statistics/summary.ts";
import { count, decimalsOf, fixed, inOrder, listed, probability, ranked, type SettingView, type TableView } from "./view.ts";

export interface Verdict {
  /** One sentence. */
  readonly headline: string;
  /** Further sentences. */
  readonly details: readonly string[];
}

/** Of the first setting that has a direction. */
export const verdictOf = (result: EvaluationResult, views: readonly SettingView[]): Verdict => {
  const { summary, data } = result;
  if (!summary.enough)
    return {
      headline: `Not enough to rank: ${count(data.count, "sample")}.`,
      details: ["From 20 samples on methods are ranked and compared. The means below are shown as they are."],
    };
  const settled = views.filter(({ tables: [first] }) => first !== undefined && ranked(summary, first));
  const [first, ...others] = settled;
  if (first === undefined) return { headline: "Nothing is ranked: none of these metrics says which way is better.", details: [] };
  return { headline: headlineOf(result, first), details: [...floorWords(result, first), ...elsewhere(result, first, others)] };
};

const real = (methods: readonly MethodSummary[]): readonly MethodSummary[] => methods.filter(({ random, n }) => !random && n > 0);

/** a is better than b beyond chance, after Holm's correction. */
const pairOf = ({ pairs }: TableSummary, a: string, b: string): Comparison | undefined =>
  pairs.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a));

const beats = ({ summary }: EvaluationResult, table: TableSummary, a: string, b: string): boolean => {
  const pair = pairOf(table, a, b);
  return pair !== undefined && pair.a === a && pair.pHolm < 1 - summary.confidence;
};

const headlineOf = (result: EvaluationResult, { metric, kind, tables }: SettingView): string => {
  const name = kind === "" ? metric : `${metric} (${kind})`;
  const view = tables[0] as TableView;
  const table = view.summary;
  const methods = real(inOrder(result.summary, view));
  const [best, ...rest] = methods;
  if (best === undefined) return "Only random maps were evaluated.";
  const random = table.methods.find((method) => method.random);
  if (random && !methods.some(({ method }) => beats(result, table, method, random.method)))
    return `No method beats random maps on ${name}.`;
  const decimals = decimalsOf(table.methods.map(({ mean }) => mean));
  const score = ({ mean }: MethodSummary) => fixed(mean, decimals);
  if (rest.length === 0)
    return `${best.method} is ${random ? "better than random maps" : "the only method"} on ${name}: ${score(best)}.`;
  const equals = rest.filter(({ method }) => !beats(result, table, best.method, method));
  const beaten = rest.length - equals.length;
  if (equals.length === 0) {
    const closest = pairOf(table, best.method, rest[0]!.method)!;
    const { mean, low, high } = closest.difference;
    const sign = Math.sign(mean) || 1;
    const [from, to] = [low * sign, high * sign].sort((x, y) => x - y) as [number, number];
    const lead = `by ${fixed(mean * sign, decimals)} [${fixed(from, decimals)}, ${fixed(to, decimals)}], Holm-corrected p\u00a0${equalling(closest.pHolm)}`;
    return rest.length === 1
      ? `${best.method} (${score(best)}) beats ${rest[0]!.method} on ${name} ${lead}.`
      : `${best.method} (${score(best)}) beats all ${rest.length} other methods on ${name}; the next, ${rest[0]!.method}, ${lead}.`;
  }
  if (beaten === 0)
    return `No method wins on ${name}: the best mean, ${score(best)} of ${best.method}, cannot be told from ${rest.length === 1 ? `that of ${rest[0]!.method}` : "any other"} on ${count(result.data.count, "sample")}.`;
  const named = [best, ...equals].map((method) => `${method.method} (${score(method)})`);
  const leaders = named.length > 4 ? [...named.slice(0, 3), `${named.length - 3} more`] : named;
  return `${listed(leaders)} lead on ${name} and cannot be told apart; ${best.method} is ahead of the other ${beaten === 1 ? "method" : beaten}.`;
};

const equalling = (p: number): string => `${p < 0.001 ? "" : "= "}${probability(p)}`.replace(" ", "\u00a0");

/** Who is no better than random maps. */
const floorWords = (result: EvaluationResult, { tables }: SettingView): readonly string[] => {
  const view = tables[0] as TableView;
  const random = view.summary.methods.find((method) => method.random);
  const methods = real(inOrder(result.summary, view));
  if (random === undefined || methods.length < 2) return [];
  const above = methods.filter(({ method }) => beats(result, view.summary, method, random.method));
  if (above.length === 0) return [];
  if (above.length === methods.length) return ["Every method is better than random maps."];
  const below = methods.filter((method) => !above.includes(method)).map(({ method }) => method);
  return [`Not better than random maps: ${listed(below)}.`];
};

const elsewhere = ({ summary }: EvaluationResult, first: SettingView, others: readonly SettingView[]): readonly string[] => {
  if (others.length === 0) return [];
  const winner = (view: SettingView) => real(inOrder(summary, view.tables[0] as TableView))[0]?.method;
  const best = winner(first);
  if (best === undefined) return [];
  const dissent = others.filter((view) => winner(view) !== best);
  const agreeing = others.length - dissent.length;
  if (dissent.length === 0)
    return [
      `${best} has the best mean in ${others.length === 1 ? "the other setting" : others.length === 2 ? "both other settings" : `all ${others.length} other settings`}, too.`,
    ];
  const named = dissent.slice(0, 4).map((view) => `${winner(view) ?? "none"} on ${view.name}`);
  const more = dissent.length > 4 ? [`others on ${dissent.length - 4} more`] : [];
  const scope =
    others.length === 1
      ? "In the other setting"
      : `In ${agreeing === 0 ? "none" : agreeing} of the ${others.length} other settings`;
  return others.length === 1
    ? [`${scope} the best mean is another's: ${named[0]}.`]
    : [`${scope} ${best} has the best mean; elsewhere it is ${listed([...named, ...more])}.`];
};
