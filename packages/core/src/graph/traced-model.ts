/** A model and what tracing found in it. The graph and what follows from it are derived once, when first asked for, and handed on. */
import type { ModelProto } from "../onnx/proto.ts";
import { Facts, type TraceFacts } from "./facts.ts";
import { type Graph, graphOf } from "./graph.ts";

/** A model in its two forms, the file's and the graph with facts; the second is made once, when it is first asked for. */
export class TracedModel {
  #graph: Graph | undefined;
  #facts: Facts | undefined;

  constructor(
    readonly model: ModelProto,
    readonly facts: TraceFacts,
    graph?: Graph,
  ) {
    this.#graph = graph;
  }

  get graph(): Graph {
    this.#graph ??= graphOf(this.model);
    return this.#graph;
  }

  /** Facts of the graph's values. What a writer adds to them nobody else sees. */
  ownFacts(): Facts {
    this.#facts ??= new Facts(this.graph, this.facts);
    return this.#facts.fork();
  }

  /** The same model, of which more is known. */
  with(facts: TraceFacts): TracedModel {
    return new TracedModel(this.model, facts, this.#graph);
  }
}
