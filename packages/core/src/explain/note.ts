/**
 * What must be said of a map before anybody looks at it: that there is nothing to explain, that every way to the input is closed, that
 * evidence for and against are in balance. Colours would be stretched to rounding otherwise.
 */
import type { Plan } from "../plan/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { explainedValues } from "./explained-values.ts";
import type { Ledger } from "./ledger.ts";

export interface MapNote {
  /** `nothing`: no evidence at the head; `zero`: the map is zero everywhere; `balance`: the map is drawn as usual. */
  readonly kind: "nothing" | "zero" | "balance";
  readonly text: string;
}

/** A score that is a logit or log-odds moves by less than this when all evidence is taken away. */
const LOGIT = 1e-4;
/** The same of other outputs, as a share of the value; and a sum so small beside its evidence is a balance. */
const SHARE = 1e-6;

export interface Noted {
  readonly plan: Plan;
  readonly maps: Readonly<Record<string, FloatTensor>>;
  /** Number of maps: samples, or samples and classes. */
  readonly count: number;
  /** float32 [count, 2]: E = Σ|R| and ΣR as relevance leaves the head. */
  readonly evidence?: Float32Array | undefined;
  readonly ledger?: readonly Ledger[] | undefined;
  readonly output: Tensor;
  /** The classes of each sample, one or several; none where what is explained has no index. */
  readonly targets?: readonly (readonly number[])[] | undefined;
  /** What opens a map that is zero everywhere, where the method knows. */
  readonly hint?: string | undefined;
}

/** One note or none for each map. */
export const notesOf = (noted: Noted): readonly (MapNote | undefined)[] =>
  Array.from({ length: noted.count }, (_, k) => noteOf(noted, k));

const noteOf = (noted: Noted, k: number): MapNote | undefined => {
  const { evidence, plan } = noted;
  const [e, sum] = evidence === undefined ? [] : Array.from(evidence.subarray(2 * k, 2 * k + 2));
  if (e !== undefined && Number.isFinite(e)) {
    if (plan.reading.classes || plan.reading.twoClasses) {
      if (e <= LOGIT)
        return {
          kind: "nothing",
          text: `nothing to explain: taking all evidence away would move the ${scoreIn(plan)} by less than ${LOGIT}`,
        };
    } else if (e <= SHARE * explained(noted, k))
      return { kind: "nothing", text: "nothing to explain: the value hardly depends on the input here" };
  }
  if (isZero(noted, k)) return { kind: "zero", text: zeroText(noted, k) };
  if (e !== undefined && sum !== undefined && Math.abs(sum) <= SHARE * e)
    return { kind: "balance", text: "for and against in balance: their sum is zero beside either" };
  return undefined;
};

/** A direction may be that of any score: a coordinate's, a region's. */
const scoreIn = ({ recipe: { seed } }: Plan): string =>
  seed === "logit" ? "logit" : seed === "direction" ? "explained score" : "log-odds";

/** Size of the value a map explains; where that has no index, of the largest in its row. */
const explained = ({ output, targets = [], plan, count }: Noted, k: number): number => {
  const values = plan.batchAxis === 0 ? explainedValues(output, targets) : [];
  return values.length === count ? Math.abs(values[k]!) : largest(output, k, count);
};

const largest = ({ data }: Tensor, k: number, count: number): number => {
  const values = data as ArrayLike<number>;
  const width = values.length / count;
  if (!Number.isInteger(width)) return 0;
  let most = 0;
  for (let i = k * width; i < (k + 1) * width; i++) most = Math.max(most, Math.abs(Number(values[i])));
  return most;
};

const isZero = ({ maps, count }: Noted, k: number): boolean =>
  Object.values(maps).every(({ data }) => {
    const width = data.length / count;
    for (let i = k * width; i < (k + 1) * width; i++) if (data[i] !== 0) return false;
    return width > 0;
  });

const zeroText = ({ ledger, hint }: Noted, k: number): string => {
  const closed = ledger?.[k]?.entries.find((entry) => entry.in !== 0 && entry.out === 0);
  const where = closed === undefined ? "" : `: node '${closed.node}' (${closed.op}, ${closed.rule}) lets nothing through`;
  return `the map is zero everywhere${where}${hint === undefined ? "" : `: ${hint}`}`;
};
