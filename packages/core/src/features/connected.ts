/** Every label one connected piece (4 neighbours): pieces smaller than `least` pixels join the piece before them in reading order. */
export const connected = (labels: Uint32Array, height: number, width: number, least: number): Uint32Array => {
  const NONE = 0xffffffff;
  const out = new Uint32Array(labels.length).fill(NONE);
  const piece = new Uint32Array(labels.length);
  let count = 0;
  for (let start = 0; start < labels.length; start++) {
    if (out[start] !== NONE) continue;
    // Above or to the left there is a finished piece, except at the first pixel.
    const neighbour = start % width > 0 ? out[start - 1]! : start >= width ? out[start - width]! : NONE;
    const label = labels[start]!;
    let size = 0;
    const take = (p: number) => {
      if (labels[p] !== label || out[p] !== NONE) return;
      out[p] = count;
      piece[size++] = p;
    };
    take(start);
    for (let i = 0; i < size; i++) {
      const p = piece[i]!;
      const x = p % width;
      if (x > 0) take(p - 1);
      if (x < width - 1) take(p + 1);
      if (p >= width) take(p - width);
      if (p < (height - 1) * width) take(p + width);
    }
    if (size < least && neighbour !== NONE) for (let i = 0; i < size; i++) out[piece[i]!] = neighbour;
    else count++;
  }
  return out;
};
