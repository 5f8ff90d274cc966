/** A case's model, opened for measuring: a judge for each set of given choices. */
import {
  type Explainer,
  type Explaining,
  explainingOf,
  type FloatTensor,
  type Judge,
  judgeOf,
  type Measured,
  type Memo,
  type Metric,
  memo,
  methodCards,
  type Tensor,
  type Trial,
} from "@backlit/core";
import type { MetricsCase } from "./case.ts";
import type { Files } from "./files.ts";
import { type Reading, type Setting, unsupported } from "./setting.ts";

type Judging = { readonly judge: Judge; readonly memos: Map<FloatTensor, Memo> };

export class Bench {
  readonly #judges = new Map<string, Promise<Judging>>();
  readonly #numbers = new Map<Tensor["data"], number>();

  constructor(
    readonly it: MetricsCase,
    readonly files: Files,
    readonly lit: Explainer,
    readonly inputs: Readonly<Record<string, Tensor>>,
    readonly targets: readonly (readonly number[])[],
    /** The explained input. */
    readonly x: FloatTensor,
  ) {}

  get reading(): Reading {
    return { files: this.files, x: this.x };
  }

  /** Errors: those of judging. */
  async measure(
    metric: Metric,
    { params, given }: Setting,
    {
      relevance,
      masks,
      explaining,
    }: { readonly relevance: FloatTensor; readonly masks?: Tensor; readonly explaining?: Explaining },
  ): Promise<Measured> {
    const { judge, memos } = await this.#judge(given, masks);
    const known = memos.get(relevance) ?? memo();
    memos.set(relevance, known);
    return judge.measure(metric, params, { relevance, memo: known, ...(explaining && { explaining }) });
  }

  /** What a metric would be given, for numbers that are no metric's. */
  async look<T>(given: Setting["given"], relevance: FloatTensor, at: (trial: Trial) => T): Promise<T> {
    const found: T[] = [];
    const looking: Metric = {
      card: { ...NOTHING, parameters: {} },
      measure: async (trial) => {
        found.push(at(trial));
        return { scores: {} };
      },
    };
    await this.measure(looking, { params: {}, given }, { relevance });
    return found[0]!;
  }

  /** Maps by the method that a text names first: "gradient-x-input of the fixed target's logit". Errors: Unsupported. */
  explaining(text: unknown): Explaining {
    return explainingOf(this.lit, { ...this.#output, method: methodIn(text) }, this.targets);
  }

  async forward(): Promise<Tensor> {
    const session = await this.lit.session("conform", () => this.lit.model);
    const out = await session.run(this.lit.feeds(this.inputs));
    const name = this.it.output ?? Object.keys(out)[0]!;
    const tensor = out[name];
    if (tensor === undefined) throw unsupported(`output '${name}'`);
    return tensor;
  }

  get #output() {
    return this.it.output === undefined ? {} : { output: this.it.output };
  }

  #judge(given: Setting["given"], masks: Tensor | undefined): Promise<Judging> {
    const named = Object.entries({ ...given, ...(masks && { " masks": masks }) }).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = named.map(([name, tensor]) => `${name} ${this.#numberOf(tensor)}`).join();
    const known =
      this.#judges.get(key) ??
      judgeOf(this.lit, this.inputs, { ...this.#output, targets: this.targets, given, ...(masks && { masks }) }).then(
        (judge) => ({
          judge,
          memos: new Map<FloatTensor, Memo>(),
        }),
      );
    this.#judges.set(key, known);
    return known;
  }

  /** Arrays are told apart by what they hold, not by what they are wrapped in. */
  #numberOf({ data }: Tensor): number {
    const number = this.#numbers.get(data) ?? this.#numbers.size;
    this.#numbers.set(data, number);
    return number;
  }
}

const methodIn = (text: unknown): string => {
  const method = typeof text === "string" ? (/^[\w-]+/.exec(text)?.[0] ?? "") : "";
  if (!methodCards.some(({ name }) => name === method)) throw unsupported(`maps by '${text}'`);
  return method;
};

const NOTHING = {
  name: "look",
  family: "axioms",
  what: "",
  definition: "",
  source: "",
  scores: {},
  cost: "",
  criticism: "",
} as const;
