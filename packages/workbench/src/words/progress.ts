/** How far work of many passes is: rows done of all, how fast, how long still. */
import type { Listener } from "../host/listener.ts";

/** `samples`: of all batches; the rows of those to come are guessed from the batch at work. */
export const rowProgress = (listener: Listener, samples: number, now: () => number = () => performance.now()) => {
  const started = now();
  let [finished, finishedSamples] = [0, 0];
  return {
    /** For the `onRows` of a batch. */
    batch: (size: number) => {
      const [before, left] = [finished, samples - finishedSamples];
      finishedSamples += size;
      return (done: number, total: number): void => {
        finished = before + done;
        listener.working(describeRows(finished, before + Math.round((total * left) / size), now() - started));
      };
    },
  };
};

/** "1,200 of 2,000 rows, 35 rows/s, 23 s left" */
export const describeRows = (done: number, total: number, ms: number): string => describeWork(done, total, ms);

/** How many units of work are done, for a job's `onProgress`; those that the store had already cost no time. */
export const partsProgress = ({ working }: Pick<Listener, "working">, store?: { readonly hits: number }) => {
  const started = performance.now();
  return (done: number, total: number): void =>
    working(describeWork(done, total, performance.now() - started, { before: store?.hits ?? 0, what: "parts" }));
};

/** The same of other things; `before`: how many were done when the time began. */
export const describeWork = (done: number, total: number, ms: number, { what = "rows", before = 0 } = {}): string => {
  const rate = (done - before) / Math.max(ms / 1000, 1e-3);
  const progress = `${count(done)} of ${count(total)} ${what}`;
  if (rate === 0) return progress;
  const speed = rate >= 10 ? rate.toFixed(0) : rate.toPrecision(2);
  return `${progress}, ${speed} ${what}/s${done < total ? `, ${duration((total - done) / rate)} left` : ""}`;
};

const count = (n: number): string => n.toLocaleString("en-US");

/** "8 s", "3 min 20 s", "2 h 5 min" */
const duration = (seconds: number): string => {
  const s = Math.max(1, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
};
