/** The range of a sample's values: noise is measured by it, as in SmoothGrad. */
export const spanOf = (values: ArrayLike<number>): number => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) [low, high] = [Math.min(low, values[i]!), Math.max(high, values[i]!)];
  return high - low;
};
