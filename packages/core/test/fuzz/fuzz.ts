/** Properties on random values: a few with a fixed seed in the tests, as many as asked for with FUZZ_RUNS and FUZZ_SEED. */
import { appendFileSync } from "node:fs";
import fc from "fast-check";

/** What fails is made as small as it gets. With FUZZ_LOG all failures are written to that file instead. */
export const fuzz = async <T>(
  arbitrary: fc.Arbitrary<T>,
  runs: number,
  property: (value: T) => Promise<unknown>,
): Promise<void> => {
  const log = process.env.FUZZ_LOG;
  const logged = async (value: T): Promise<void> => {
    try {
      await property(value);
    } catch (error) {
      if (log === undefined) throw error;
      appendFileSync(
        log,
        `${(error as Error).message}\n${(error as Error).stack
          ?.split("\n")
          .filter((line) => line.includes("/packages/"))
          .slice(0, 6)
          .join("\n")}\n=====\n`,
      );
    }
  };
  await fc.assert(fc.asyncProperty(arbitrary, logged), {
    numRuns: Number(process.env.FUZZ_RUNS ?? runs),
    seed: Number(process.env.FUZZ_SEED ?? 11),
    includeErrorInReport: true,
  });
};
