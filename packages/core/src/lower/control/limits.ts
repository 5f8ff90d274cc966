/** How much is unrolled: more steps make a model that loads for minutes, and a walk through time nobody reads. */
export const MOST_STEPS = 512;
const MOST_NODES = 50_000;

/** Why this is not unrolled; undefined when it is. */
export const tooMuch = (steps: number, nodesPerStep: number): string | undefined => {
  if (steps > MOST_STEPS) return `it takes ${steps} steps, and at most ${MOST_STEPS} are unrolled`;
  const nodes = steps * nodesPerStep;
  return nodes > MOST_NODES ? `unrolled it is ${nodes} nodes (${steps} steps), and at most ${MOST_NODES} are written` : undefined;
};
