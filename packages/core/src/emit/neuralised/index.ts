/** Neuralised models as nodes: from what is explained back to the kernels or centres, from them straight to the columns they compare. */
import type { Builder } from "../../graph/builder.ts";
import { DataType } from "../../onnx/proto.ts";
import type { Plan } from "../../plan/index.ts";
import { byColumn } from "../by-column.ts";
import { type Flow, full } from "../flow.ts";
import type { LedgerTable } from "../ledger.ts";
import type { Logits } from "../logits.ts";
import { Tail } from "../tail.ts";
import { decomposeCentres } from "./centres.ts";
import { comparedWith, doubles, relevanceOf } from "./compared.ts";
import { decomposeKernels, kernelSum } from "./kernels.ts";
import { ledgerOf } from "./ledger.ts";

export interface Neuralised {
  /** Of each explained value. */
  readonly at: ReadonlyMap<string, Flow>;
  /** [N, 2]: the model's own score, and o. */
  readonly scores: string;
  readonly ledger: LedgerTable;
}

interface Site {
  readonly g: Builder;
  readonly plan: Plan;
  readonly logits: Logits;
}

/** `directions`: what is explained, [N, values of the start] each. */
export const neuralisedFlows = ({ g, plan, logits }: Site, directions: readonly string[]): readonly Neuralised[] => {
  const { machine, players, playerOf, behind, straight } = plan.neuralised!;
  const { spheres, value, weights } = machine;
  const compared = comparedWith(g, spheres);
  const results = weights?.length ?? spheres.points.length;
  const toFloat = (of: string) => g.op("Cast", [of], { to: DataType.FLOAT });
  const own = playerOf.every((player, column) => player === column) && playerOf.length === players;
  const explained = new Set(plan.explained.flatMap((name) => plan.neuralised!.columns.get(name)!));
  return directions.map((v) => {
    const tail = new Tail(g, plan.start, logits.unflatten(v));
    for (const step of [...behind].reverse()) tail.through(step);
    const arrived = g.op("Cast", [g.op("Reshape", [tail.take(value)!, g.ints([-1, results])])], { to: DataType.DOUBLE });
    const direction =
      weights === undefined
        ? g.mul(arrived, doubles(g, [Math.sign(spheres.q)], []))
        : g.op("MatMul", [arrived, doubles(g, weights.flat(), [results, weights[0]!.length])]);
    const found =
      weights === undefined
        ? decomposeCentres(compared, { direction, beta: plan.recipe.params.beta as number })
        : decomposeKernels(compared, spheres, direction);
    const relevance = relevanceOf(compared, found.shares);
    const rows = toFloat(
      own ? relevance : g.op("MatMul", [relevance, doubles(g, oneHot(playerOf, players), [playerOf.length, players])]),
    );
    const at = new Map(plan.explained.map((name) => [name, full(byColumn(g, rows, name, plan.neuralised!))]));
    const score = g.reduceSum(g.mul(v, logits.flat), [1]);
    const o = toFloat(found.score);
    const sum =
      weights !== undefined && straight && !machine.logarithm ? toFloat(kernelSum(compared, spheres, direction)) : undefined;
    const sumOf = (shown: boolean) => {
      const counted = Array.from({ length: players }, (_, player) => Number(explained.has(player) === shown));
      return counted.some((one) => one > 0) ? g.reduceSum(g.mul(rows, g.floats(counted)), [1]) : undefined;
    };
    const ledger = ledgerOf(g, plan.neuralised!, {
      ...{ o, score, sum },
      lost: found.lost && toFloat(found.lost),
      arrived: sumOf(true)!,
      held: sumOf(false),
    });
    return { at, scores: g.op("Concat", [score, o], { axis: 1 }), ledger };
  });
};

const oneHot = (playerOf: readonly number[], players: number): number[] =>
  playerOf.flatMap((own) => Array.from({ length: players }, (_, player) => Number(player === own)));
