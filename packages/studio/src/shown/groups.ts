/** Maps of many inputs, grouped by what they look at: plain data, and what is chosen among them. */
import type { ViewData } from "@backlit/workbench";

type Drawn = Extract<ViewData, { kind: "picture" }>;

/** Below, groups of a class mean nothing. */
export const LEAST = 10;

export interface GroupedSample {
  readonly name: string;
  /** Small copies of the picture and its map. */
  readonly drawn: Pick<Drawn, "kind" | "plane" | "seen">;
}

/** Maps of one class; its samples by their place in the list of all. */
export interface GroupedClass {
  readonly title: string;
  readonly target: number | string;
  readonly label?: string;
  readonly samples: readonly number[];
  /** By sample of the class: its group, and its place in the plane. */
  readonly labels: readonly number[];
  readonly places: readonly (readonly [number, number])[];
  readonly count: number;
}

export interface Groups {
  readonly samples: readonly GroupedSample[];
  readonly classes: readonly GroupedClass[];
  /** Classes with too few samples. */
  readonly few: readonly string[];
}

type Point = readonly [number, number];

/** A ray to the right crosses the outline an odd number of times (Shimrat 1962). */
export const isInside = (outline: readonly Point[], [x, y]: Point): boolean =>
  outline.reduce((inside, [x1, y1], i) => {
    const [x2, y2] = outline[(i + 1) % outline.length]!;
    const crosses = y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1);
    return crosses ? !inside : inside;
  }, false);

/** The mean of pictures, and of maps as shares of Σ|R|. Undefined of none. */
export const meanOf = (samples: readonly GroupedSample[]): GroupedSample["drawn"] | undefined => {
  const [first] = samples;
  if (first === undefined) return undefined;
  const { plane, seen } = first.drawn;
  const values = new Float32Array(plane.values.length);
  const sums = seen && new Float32Array(seen.data.length);
  for (const { drawn } of samples) {
    const size = drawn.plane.values.reduce((sum, v) => sum + Math.abs(v), 0) || 1;
    drawn.plane.values.forEach((v, i) => {
      values[i]! += v / size / samples.length;
    });
    if (sums)
      drawn.seen?.data.forEach((v, i) => {
        sums[i]! += v / samples.length;
      });
  }
  return {
    kind: "picture",
    plane: { ...plane, values },
    ...(seen && sums && { seen: { ...seen, data: Uint8Array.from(sums, (v) => Math.round(v)) } }),
  };
};

/**
 * The chosen samples of a class as group 1, its others as group 0: what `backlit repair --concept FILE#CLASS.1` takes. Samples have
 * the numbers that the command gives them, in a folder by name; rows of one array stay in their order.
 */
export const groupFile = ({ samples }: Groups, one: GroupedClass, chosen: ReadonlySet<number>, rows: boolean): string => {
  const names = samples.map(({ name }) => name);
  const order = names.map((_, i) => i).sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
  const number = rows ? names.map((_, i) => i) : names.map((_, i) => order.indexOf(i));
  const labels = one.samples.map((sample) => (chosen.has(sample) ? 1 : 0));
  const size = (label: number) => labels.filter((each) => each === label).length;
  const target = typeof one.target === "number" ? [one.target] : one.target.split(",").map(Number);
  return `${JSON.stringify({
    v: 1,
    data: { name: "chosen in the studio", count: names.length },
    classes: [
      {
        target,
        ...(one.label !== undefined && { label: one.label }),
        samples: one.samples.map((sample) => number[sample]),
        names: one.samples.map((sample) => names[sample]),
        labels,
        clusters: [{ size: size(0) }, { size: size(1) }],
      },
    ],
  })}\n`;
};
