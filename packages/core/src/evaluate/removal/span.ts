/** The range of a sample's values: noise is measured by it, as in SmoothGrad. */
export const spanOf = (values: ArrayLike<number>): number => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < low) low = values[i]!;
    if (values[i]! > high) high = values[i]!;
  }
  return high - low;
};
