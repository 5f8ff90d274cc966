/** Stretches of input positions along one axis, from begin to before end; undefined: none. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/** One for each position of a value along an axis. */
export type Spans = readonly (Span | undefined)[];

/** The smallest that holds both. */
const union = (a: Span | undefined, b: Span | undefined): Span | undefined =>
  a === undefined || b === undefined ? (a ?? b) : { begin: Math.min(a.begin, b.begin), end: Math.max(a.end, b.end) };

export const unionOf = (spans: Iterable<Span | undefined>): Span | undefined => {
  let all: Span | undefined;
  for (const span of spans) all = union(all, span);
  return all;
};

/**
 * What each position of a value sees of the input, axis by axis: boxes are products of spans, and the box around several boxes is that of
 * their spans. By axis of the input: the value's axis that goes with it, a span for each position there; or one span for all positions.
 */
export interface Field {
  readonly tied: ReadonlyMap<number, { readonly axis: number; readonly spans: Spans }>;
  readonly whole: ReadonlyMap<number, Span | undefined>;
}

/** Every position sees what any did. `which`: of these axes of the value only. */
export const collapsed = ({ tied, whole }: Field, which: (axis: number) => boolean = () => true): Field => {
  const gone = [...tied].filter(([, { axis }]) => which(axis));
  return {
    tied: new Map([...tied].filter(([, { axis }]) => !which(axis))),
    whole: new Map([...whole, ...gone.map(([input, { spans }]) => [input, unionOf(spans)] as const)]),
  };
};

/** The value's axes in other places, or with other spans. */
export const moved = (
  field: Field,
  move: (axis: number, spans: Spans) => { readonly axis: number; readonly spans: Spans },
): Field => ({
  ...field,
  tied: new Map([...field.tied].map(([input, { axis, spans }]) => [input, move(axis, spans)])),
});

/** Of a value whose inputs have a share at the same positions. */
export const together = (fields: readonly Field[]): Field => fields.reduce(both);

const both = (a: Field, b: Field): Field => {
  const tied = new Map<number, { readonly axis: number; readonly spans: Spans }>();
  const whole = new Map<number, Span | undefined>();
  for (const input of new Set([...a.tied.keys(), ...b.tied.keys(), ...a.whole.keys(), ...b.whole.keys()])) {
    const [left, right] = [a.tied.get(input), b.tied.get(input)];
    const [all, other] = [a.whole.get(input), b.whole.get(input)];
    if (left && right && left.axis === right.axis && left.spans.length === right.spans.length)
      tied.set(input, { axis: left.axis, spans: left.spans.map((span, p) => union(span, right.spans[p])) });
    else if (left && right) whole.set(input, union(unionOf(left.spans), unionOf(right.spans)));
    else if (left ?? right) {
      const { axis, spans } = (left ?? right)!;
      tied.set(input, { axis, spans: spans.map((span) => union(span, left ? other : all)) });
    } else whole.set(input, union(all, other));
  }
  return { tied, whole };
};
