/** What a position of a value sees of the input's rows and columns. */
import { type Explainer, isBacklitError, receptiveFields } from "@backlit/core";

/** `right` and `bottom` are outside. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** By flat position; undefined where it sees everything, or nobody knows: sizes that are free, inputs of other axes. */
export const boxesOf = (
  lit: Explainer,
  value: string,
  [height, width]: readonly [number, number],
): ((position: number) => Box | undefined) => {
  const fields = known(() => receptiveFields(lit, value));
  if (fields === undefined || fields.axes.length !== 2) return () => undefined;
  const { boxes } = fields;
  return (position) => {
    const [top, left, bottom, right] = boxes.subarray(position * 4, position * 4 + 4);
    const whole = top === 0 && left === 0 && bottom === height && right === width;
    return right === undefined || whole || right <= left! || bottom! <= top!
      ? undefined
      : { left: left!, top: top!, right, bottom: bottom! };
  };
};

const known = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch (error) {
    if (isBacklitError(error, "Unsupported")) return undefined;
    throw error;
  }
};
