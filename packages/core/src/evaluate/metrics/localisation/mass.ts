/** Localisation by how much relevance lies where. */

/** Σ R⁺ inside over Σ R⁺. NaN where nothing is inside, or nothing positive. */
export const positiveShare = (map: Float64Array, inside: Uint8Array): number => {
  let [within, all] = [0, 0];
  map.forEach((value, i) => {
    const positive = Math.max(value, 0);
    all += positive;
    if (inside[i] === 1) within += positive;
  });
  return all > 0 && inside.includes(1) ? within / all : Number.NaN;
};

/** Mean R⁺ outside over mean R⁺ inside (Lapuschkin et al. 2016). NaN where one side is empty; infinite where nothing positive is inside. */
export const outsideInside = (map: Float64Array, inside: Uint8Array): number => {
  const size = inside.reduce((a, b) => a + b, 0);
  const share = positiveShare(map, inside);
  return size === map.length ? Number.NaN : ((1 - share) / (map.length - size) / share) * size;
};
