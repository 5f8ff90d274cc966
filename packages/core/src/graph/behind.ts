/** The way back from a value through nodes that hand their first input on: a loop, since some exporters write thousands of them. */
import type { NodeProto } from "../onnx/proto.ts";

type Producer<N extends NodeProto> = (value: string) => N | undefined;

/** The value, and those it is handed on from, the nearest first. */
const wayBack = <N extends NodeProto>(value: string, producer: Producer<N>, passes: (node: N) => boolean): readonly string[] => {
  const way = [value];
  const seen = new Set(way);
  for (let node = producer(value); node !== undefined && passes(node); node = producer(way.at(-1)!)) {
    const before = node.input[0]!;
    if (seen.has(before)) break; // a circle in a malformed file
    seen.add(before);
    way.push(before);
  }
  return way;
};

/** The value that nodes of this kind only hand on. */
export const behind = <N extends NodeProto>(value: string, producer: Producer<N>, passes: (node: N) => boolean): string =>
  wayBack(value, producer, passes).at(-1)!;
