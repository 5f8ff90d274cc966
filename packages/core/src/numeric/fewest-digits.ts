/** The number of fewest decimal digits that float32 takes for the same: 2.7 for 2.700000047683716. Numbers that are none of float32's stay. */
export const fewestDigits = (value: number): number => {
  if (value === 0) return value; // −0 too
  for (let precision = 1; precision <= 9; precision++) {
    const shorter = Number(value.toPrecision(precision));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
};
