/**
 * Steps of one number: a table that is looked up (isotonic calibration), a vote for or against. Nothing of them has a slope, but where all
 * of it hangs on one number z of a sample, what it makes differs from the reference by the chord, m_z = Σ m_y Δy/Δz, whatever lies between.
 */
import { between } from "../graph/between.ts";
import type { Facts } from "../graph/facts.ts";
import { sizeOf } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { Role } from "../ops/index.ts";
import { carriersOf, type Ends } from "./carriers.ts";
import type { Step } from "./step.ts";

/** The rule of such a step. */
export const CHORD = "chord";

const ROLE: Role = { kind: "selection", inputs: [0], vjp: () => "" };

/** The steps with one more behind each node whose result hangs on one number, but has no slope. `steps` in topological order. */
export const bridged = (steps: readonly Step[], facts: Facts, ends: Ends): readonly Step[] => {
  const nodes = steps.map(({ node }) => node);
  const carries = carriersOf(new Map(steps.map(({ node, role }) => [node, role])), ends);
  const made = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const arrives = new Set([ends.start]);
  const behind = new Map<GraphNode, Step>();
  for (const { node, role } of [...steps].reverse()) {
    if (!node.output.some((name) => arrives.has(name))) continue;
    const ended = node.output.filter((name) => arrives.has(name) && !carries.has(name) && !ends.whole.has(name));
    const [y] = ended;
    const z = ended.length === 1 ? lastNumber(y!, { nodes, carries, made }, facts, ends) : undefined;
    if (z !== undefined) {
      behind.set(node, stepOf(node, z, y!));
      arrives.add(z);
    } else for (const i of role.inputs) arrives.add(node.input[i]!);
  }
  return behind.size === 0 ? steps : steps.flatMap((step) => [step, behind.get(step.node) ?? []].flat());
};

interface Way {
  readonly nodes: readonly GraphNode[];
  readonly carries: ReadonlySet<string>;
  readonly made: ReadonlyMap<string, GraphNode>;
}

/** The nearest value of one number a sample, with a slope, that all of y hangs on. */
const lastNumber = (y: string, { nodes, carries, made }: Way, facts: Facts, { explained }: Ends): string | undefined => {
  const upstream = between({ nodes }, explained, y);
  const single = (name: string) => sizeOf((facts.shape(name) ?? [null, null]).slice(1)) === 1;
  const candidates = upstream.flatMap(({ output }) => output).filter((name) => carries.has(name) && single(name));
  // Another output of the node that makes z, a winner's position, is no function of it.
  const without = (z: string) =>
    upstream.map((node) => (node === made.get(z) ? { ...node, output: node.output.filter((name) => name !== z) } : node));
  return candidates.reverse().find((z) => between({ nodes: without(z) }, explained, y).length === 0);
};

const stepOf = (node: GraphNode, z: string, y: string): Step => ({
  node: { ...node, opType: "Chord", input: [z], output: [y], attribute: [] },
  op: node.opType,
  role: ROLE,
  rule: { name: CHORD },
  why: `no slope, but a function of one number, '${z}': by the difference it makes`,
  inputs: [0],
  sharing: [0],
  loses: [],
});
