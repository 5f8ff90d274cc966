import type { Explainer, Tensor } from "@backlit/core";
import type { Answer } from "../given.ts";

const SECOND = 1;

/** The score of the second class, and what of it lies where, by backlit. */
export class Asked {
  constructor(
    readonly lit: Explainer,
    readonly output: string | undefined,
  ) {}

  get options() {
    return { target: SECOND, ...(this.output && { output: this.output }) };
  }

  /** f and a map of it at every row of x. */
  async at(x: Tensor, method: string) {
    const { output: scores, relevance } = await this.lit.explain(x, { method, ...this.options });
    const width = scores.dims[1]!;
    return { f: Array.from({ length: scores.dims[0]! }, (_, n) => Number(scores.data[n * width + SECOND])), map: relevance.data };
  }

  /** What the ledger writes to biases at the head. */
  async bias(x: Tensor): Promise<number> {
    const rule = { name: "epsilon" } as const;
    const direct = {
      rules: [
        { match: { head: true }, rule },
        { match: {}, rule },
      ],
      start: "direct",
    } as const;
    const asked = { method: "lrp", ...direct, seed: "logit", ledger: true, ...this.options } as const;
    const { ledger } = await this.lit.explain(x, asked);
    const [head] = ledger![0]!.entries;
    return head!.causes.bias ?? 0;
  }
}

export const list = (data: readonly number[], dims: readonly number[] = [data.length]): Answer => ({
  got: { type: "float64", dims, data: Float64Array.from(data) },
});

export const matrix = (dims: readonly number[], number: (k: number) => number): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, k) => number(k)),
});
