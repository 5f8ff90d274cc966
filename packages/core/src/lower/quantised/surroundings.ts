/** What the passes of quantised graphs ask of the graph around a node. */
import type { Facts } from "../../graph/facts.ts";
import type { NodeProto, TensorProto } from "../../onnx/proto.ts";

export interface Surroundings {
  readonly facts: Facts;
  readonly initializers: ReadonlyMap<string, TensorProto>;
  readonly types: ReadonlyMap<string, number>;
  readonly taken: Iterable<string>;
  producer(value: string): NodeProto | undefined;
  consumers(value: string): readonly NodeProto[];
}
