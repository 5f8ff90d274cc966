/** Filters of PNG (third edition, 9.2): each row as differences from its neighbours, in the way that leaves least; or as it is. */

export interface Rows {
  /** Bytes of a row. */
  readonly stride: number;
  /** Bytes of a pixel. */
  readonly pixel: number;
}

/** Writes what a row is apart from what its neighbours say. */
type Filter = (row: Uint8Array, above: Uint8Array, pixel: number, out: Uint8Array) => void;

const none: Filter = (row, _, __, out) => out.set(row);

const sub: Filter = (row, _, pixel, out) => {
  for (let x = 0; x < row.length; x++) out[x] = row[x]! - (x < pixel ? 0 : row[x - pixel]!);
};

const up: Filter = (row, above, _, out) => {
  for (let x = 0; x < row.length; x++) out[x] = row[x]! - above[x]!;
};

/** Of left, top and the corner between them the one that is nearest to left + top − corner. */
export const paethOf = (left: number, top: number, corner: number): number => {
  const [a, b, c] = [Math.abs(top - corner), Math.abs(left - corner), Math.abs(left + top - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? top : corner;
};

const paeth: Filter = (row, above, pixel, out) => {
  for (let x = 0; x < row.length; x++) {
    const [left, corner] = x < pixel ? [0, 0] : [row[x - pixel]!, above[x - pixel]!];
    out[x] = row[x]! - paethOf(left, above[x]!, corner);
  }
};

/** With their numbers; the average of two (3) is hardly ever the best. */
const FILTERS: readonly (readonly [number, Filter])[] = [
  [0, none],
  [1, sub],
  [2, up],
  [4, paeth],
];

/** Σ of the distances from 0, either way round (the heuristic of the specification, 12.7). */
const sizeOf = (bytes: Uint8Array): number => {
  let sum = 0;
  for (let x = 0; x < bytes.length; x++) sum += bytes[x]! < 128 ? bytes[x]! : 256 - bytes[x]!;
  return sum;
};

/** Rows, each with the number of its filter in front: 0 for all, or that of which least is left. */
export const filtered = (data: Uint8Array, { stride, pixel }: Rows, plain: boolean): Uint8Array => {
  const height = data.length / stride;
  const out = new Uint8Array(data.length + height);
  const tried = new Uint8Array(stride);
  const nothing = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * stride, (y + 1) * stride);
    const above = y === 0 ? nothing : data.subarray((y - 1) * stride, y * stride);
    let least = Number.POSITIVE_INFINITY;
    for (const [number, filter] of plain ? FILTERS.slice(0, 1) : FILTERS) {
      filter(row, above, pixel, tried);
      const size = sizeOf(tried);
      if (size >= least) continue;
      least = size;
      out[y * (stride + 1)] = number;
      out.set(tried, y * (stride + 1) + 1);
    }
  }
  return out;
};
