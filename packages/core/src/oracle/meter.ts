/** Progress of a method over all it asks the model: rows done, of all that are known to come. */
export interface Meter {
  /** So many rows are about to be run. */
  starts(rows: number): void;
  ran(rows: number): void;
  /** For methods that ask in rounds: so many rows will be run in all of them. */
  announce(rows: number): void;
  /** The same work begins again, for the next class. */
  again(): void;
}

/** `times`: how often the work is done. */
export const meterOf = (report: ((done: number, total: number) => void) | undefined, times = 1): Meter => {
  let [done, before, asked, announced, left] = [0, 0, 0, 0, times];
  return {
    starts: (rows) => {
      asked += rows;
    },
    ran: (rows) => {
      done += rows;
      report?.(done, before + Math.max(asked, announced) * left);
    },
    announce: (rows) => {
      announced += rows;
    },
    again: () => {
      [before, asked, announced, left] = [before + asked, 0, 0, left - 1];
    },
  };
};
