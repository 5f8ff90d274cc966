/** Whether a model may be a detector of so many classes: their scores stand beside coordinates, or beside a class for nothing. */
import { DataType, type ModelProto, type ValueInfoProto } from "@backlit/core";

/** Anchors a cell, and numbers that a box takes, at most. */
const ANCHORS = 9;
const BOX = 4 * 32;

/** By declared sizes; a free one tells nothing. */
export const isDetectorOf = (classes: number, { graph }: ModelProto): boolean => {
  if (!graph.input.some((input) => sizesOf(input).length === 4)) return false;
  const outputs = graph.output.filter(isFloat).map(sizesOf);
  const boxes = outputs.some((sizes) => sizes.length <= 3 && sizes.at(-1) === 4);
  const single = outputs.length === 1;
  return outputs.some(([, ...sizes]) => {
    // In a map the places lie behind the channels, or before them.
    const candidates = sizes.length === 3 ? [sizes[0]!, sizes[2]!] : sizes.length === 4 ? sizes : sizes.length === 2 ? sizes : [];
    const each = (size: number) => size / (classes + 5);
    const isAnchored = (size: number) => Number.isInteger(each(size)) && each(size) >= 1 && each(size) <= ANCHORS;
    const isBeside = (size: number) => size > classes && (size - classes) % 4 === 0 && size - classes <= BOX;
    const isBehindNone = (size: number) => boxes && size === classes + 1;
    return candidates.some(
      (size) => isAnchored(size) || isBehindNone(size) || (isBeside(size) && !(single && sizes.length === 3)),
    );
  });
};

const sizesOf = ({ type }: ValueInfoProto): readonly number[] =>
  (type?.tensorType?.shape ?? []).map(({ value }) => Number(value ?? 0));

const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16];
const isFloat = ({ type }: ValueInfoProto): boolean => FLOATS.includes(type?.tensorType?.elemType ?? 0);
