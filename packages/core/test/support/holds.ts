/** A property of random values, with a fixed seed so that a failure can be run again. */
import fc from "fast-check";

export const holds = <T>(
  arbitrary: fc.Arbitrary<T>,
  property: (value: T) => Promise<unknown>,
  numRuns = 12,
  seed = 7,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(arbitrary, async (value) => void (await property(value))),
    { numRuns, seed, includeErrorInReport: true },
  );
