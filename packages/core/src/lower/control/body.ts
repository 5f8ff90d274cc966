/**
 * The body of a branch or a loop, written into the graph around it: once for a branch, once a step for a loop. Values get new names,
 * captured ones stay; constants, and what is computed from constants and captured values alone, are written once for all steps.
 */
import type { Builder } from "../../graph/builder.ts";
import { graphsOf } from "../../graph/graph.ts";
import { renamed } from "../../graph/names.ts";
import { getTensor } from "../../onnx/attributes.ts";
import type { GraphProto, NodeProto, TensorProto } from "../../onnx/proto.ts";

export class Body {
  readonly #constants = new Map<string, string>();
  readonly #nodes: NodeProto[] = [];

  constructor(
    readonly graph: GraphProto,
    readonly g: Builder,
  ) {
    for (const tensor of graph.initializer) this.#hoist(tensor.name, tensor);
    for (const node of graph.node) {
      const tensor = node.opType === "Constant" ? getTensor(node, "value") : undefined;
      if (tensor === undefined) this.#nodes.push(node);
      else this.#hoist(node.output[0]!, tensor);
    }
  }

  #hoist(name: string, tensor: TensorProto): void {
    const fresh = this.g.name(name);
    this.g.constants.push({ ...tensor, name: fresh });
    this.#constants.set(name, fresh);
  }

  /** Writes the nodes over these inputs and hands back the outputs. */
  write(inputs: readonly string[]): string[] {
    const { g, graph } = this;
    const names = new Map([...this.#constants, ...graph.input.map(({ name }, i) => [name, inputs[i]!] as const)]);
    const outside = (name: string) => names.get(name) ?? name;
    for (const node of this.#nodes) {
      const { output, ...moved } = renamed(node, outside);
      if (output.length === 1 && graphsOf(node).length === 0) names.set(node.output[0]!, g.emit(moved)[0]!);
      else {
        const fresh = node.output.map((name) => (name === "" ? "" : g.name(node.opType)));
        node.output.forEach((name, i) => {
          if (name !== "") names.set(name, fresh[i]!);
        });
        g.nodes.push({ ...moved, output: fresh });
      }
    }
    return graph.output.map(({ name }) => outside(name));
  }
}
