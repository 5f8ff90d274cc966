/** How ordinary a decision is, as plain data. */

export interface Ordinary {
  /** The value inside whose channels were looked at. */
  readonly value: string;
  /** log Σ w_k N(x) of the decision's channel relevances, as shares, under its class's mixture. */
  readonly logLikelihood: number;
  /** Share of the class's samples that are less likely, in per cent; absent where it has fewer than 10. */
  readonly percentile?: number;
  /** Samples that the class's prototypes were made of. */
  readonly samples: number;
  /** The sample nearest to the middle of the component the decision belongs to. */
  readonly prototype: { readonly sample: number; readonly name: string };
  /** Channels farthest from what is usual in that component, in its standard deviations; the farthest first. */
  readonly unusual: readonly UnusualChannel[];
}

export interface UnusualChannel {
  readonly channel: number;
  /** Of the layer's Σ|R|: here, and in the component's middle. */
  readonly share: number;
  readonly usual: number;
  readonly deviations: number;
}
