/** The way back from a value through nodes that hand their first input on: a loop, since some exporters write thousands of them. */
import type { NodeProto } from "../onnx/proto.ts";

/** The value that nodes of this kind only hand on. */
export const behind = <N extends NodeProto>(
  value: string,
  producer: (value: string) => N | undefined,
  passes: (node: N) => boolean,
): string => {
  const seen = new Set<string>();
  let at = value;
  for (let node = producer(at); node !== undefined && passes(node); node = producer(at)) {
    seen.add(at);
    const before = node.input[0]!;
    if (seen.has(before)) return at; // a circle in a malformed file
    at = before;
  }
  return at;
};
