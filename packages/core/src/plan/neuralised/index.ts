/** The plan of neuralised models: which kernels or centres are asked, whose columns they compare, and how what lies behind them is taken. */
import { fail } from "../../errors.ts";
import { between } from "../../graph/between.ts";
import type { Facts } from "../../graph/facts.ts";
import { type Graph, type GraphNode, nodeLabel, opName } from "../../graph/graph.ts";
import { producersOf } from "../../graph/producers.ts";
import { roleOf } from "../../ops/index.ts";
import { elementKinds } from "../../reading/element-kinds.ts";
import type { Reading } from "../../reading/index.ts";
import { derivativeStep, ownStep } from "../derivative-step.ts";
import type { Path } from "../path.ts";
import { type Columns, playersIn } from "../players.ts";
import { ASKING } from "../reaches.ts";
import type { Step } from "../step.ts";
import { type Machine, machineIn } from "./machine.ts";
import type { Net } from "./spheres.ts";

export interface NeuralisedPlan extends Columns {
  readonly machine: Machine;
  /** The node that makes its results. */
  readonly node: GraphNode;
  /** Of each number that is compared. */
  readonly playerOf: readonly number[];
  /** From the machine to what is explained: by the derivative. */
  readonly behind: readonly Step[];
  /** Nothing bends behind it: its score and the explained one differ by constants. */
  readonly straight: boolean;
}

interface Given {
  readonly graph: Graph;
  readonly facts: Facts;
  readonly reading: Reading;
}

const STRAIGHT: ReadonlySet<string> = new Set(["linear", "sum", "scale", "shift", "structural"]);

/** Errors: Unsupported where the score is made of no distances, or not of them alone. */
export const planNeuralised = (path: Path, { graph, facts, reading }: Given) => {
  const moving = [...path.explained, ...path.along];
  const machine = machineIn(netOf(graph, facts, new Set(moving)), path.start);
  const { value, spheres, kind } = machine;
  const node = path.nodes.find(({ output }) => output.includes(value))!;
  const others = between({ nodes: graph.nodes.filter((one) => one !== node) }, moving, path.start);
  if (others.length > 0)
    throw fail("Unsupported", {
      what: "neuralised explanations of this model",
      where: `${opName(others.at(-1)!)} '${nodeLabel(others.at(-1)!)}'`,
      why: "the input goes past its distances to the score, too",
      fix: `explain what lies before it with --output '${value}', or take ${ASKING}`,
    });
  const { players, columns, playersOf } = playersIn(moving, { graph, facts, reading });
  const playerOf = playersOf({ node, value: spheres.x, who: kind === "kernels" ? "the kernels" : "the centres" });
  const behind = between(graph, [value], path.start).map((one) =>
    derivativeStep(one, roleOf(one, facts), "behind the distances: by its derivative"),
  );
  const straight = behind.every(({ role }) => STRAIGHT.has(role.kind));
  const own: NeuralisedPlan = { machine, node, players, columns, playerOf, behind, straight };
  return { own, steps: [ownStep(node, "neuralised", said(machine)), ...behind], notices: [`neuralised: ${said(machine)}`] };
};

const netOf = (graph: Graph, facts: Facts, explained: ReadonlySet<string>): Net => {
  const made = producersOf(graph.nodes);
  let kinds: ReturnType<typeof elementKinds> | undefined;
  return {
    explained,
    shape: (name) => facts.shape(name),
    producer: (name) => made.get(name),
    constant: (name) => (facts.isConstant(name) ? facts.numbers(name) : undefined),
    isFloat: (name) => {
      kinds ??= elementKinds(graph);
      return kinds.get(name) === "float";
    },
  };
};

const said = ({ kind, spheres }: Machine): string =>
  kind === "kernels"
    ? `${spheres.points.length} kernels as (1/γ)(log Σ₊ − log Σ₋); f(x)'s bias stands outside`
    : `${spheres.points.length} centres; explained is by how much the own one is nearer than its rival, in squared distance`;
