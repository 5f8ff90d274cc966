/** What a job tells on its way. */

/** Notices and progress, on stderr. */
export interface Voice {
  /** Something the user should know: kept, and told once by `tell`, so that an error stands alone. */
  note(text: string): void;
  /** What is going on, drawn over by the next; only on a terminal. */
  progress(text: string): void;
  /** The same for long work: without a terminal a line of its own, one every few seconds. */
  working(text: string): void;
  /** Takes the progress away. */
  done(): void;
  /** Prints the notices. */
  tell(): void;
  readonly notices: readonly string[];
}
