/** What a job tells on its way. */
export interface Listener {
  /** Something the user should know; the same may be said twice. */
  note(text: string): void;
  /** What is going on: each replaces the one before. */
  progress(text: string): void;
  /** The same for long work, said often. */
  working(text: string): void;
}

export const silent: Listener = { note: () => {}, progress: () => {}, working: () => {} };
