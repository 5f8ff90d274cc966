/** Why a request gets no answer though nothing is wrong with it. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(
    readonly status: 429 | 500 | 503 | 504,
    message: string,
    /** Seconds after which it may be tried again. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}
