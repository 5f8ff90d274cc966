/** What is removed together. */

export interface Units {
  readonly count: number;
  /** Values of a sample sorted by unit; unit u has those from[u] … from[u + 1] − 1 of the list. */
  readonly values: Uint32Array;
  readonly from: Uint32Array;
  /** Positions (pixels, tokens, features) in each unit. Where units cut through positions, as channels do: values. */
  readonly sizes: Float64Array;
  /** Unit of each position, where all values of a position are in one. */
  readonly ofPosition?: Uint32Array;
  /** Where units overlap: the positions of each, as `values` and `from` are of values. */
  readonly windows?: { readonly positions: Uint32Array; readonly from: Uint32Array };
}
