/** Inputs and outputs the artefact adds, under names nothing else has. */
import type { Builder } from "../graph/builder.ts";
import type { Shape } from "../graph/facts.ts";
import type { ValueInfoProto } from "../onnx/proto.ts";

export class Ports {
  readonly inputs: ValueInfoProto[] = [];
  readonly outputs: ValueInfoProto[] = [];
  readonly #taken: Set<string>;

  constructor(
    readonly g: Builder,
    taken: Iterable<string>,
  ) {
    this.#taken = new Set(taken);
  }

  /** The name, or with a number behind it where the model has such a value already. */
  claim(name: string): string {
    let free = name;
    for (let n = 2; this.#taken.has(free); n++) free = `${name}_${n}`;
    this.#taken.add(free);
    return free;
  }

  input(name: string, type: number, dims: Shape): string {
    this.inputs.push(valueInfo(name, type, dims));
    return name;
  }

  output(name: string, value: string, type: number, dims: Shape): string {
    const claimed = this.claim(name);
    this.g.nodes.push({
      opType: "Identity",
      domain: "",
      name: this.g.name(claimed),
      input: [value],
      output: [claimed],
      attribute: [],
    });
    this.outputs.push(valueInfo(claimed, type, dims));
    return claimed;
  }
}

const valueInfo = (name: string, elemType: number, shape: Shape): ValueInfoProto => ({
  name,
  type: { tensorType: { elemType, shape: shape.map((d) => (d === null ? {} : { value: d })) } },
});
