/** The passes, in order: one line each. */

import { nodesOf } from "../graph/graph.ts";
import type { ModelProto } from "../onnx/proto.ts";
import { branches, loops, sequences } from "./control/index.ts";
import { functions } from "./functions.ts";
import { float32 } from "./half/index.ts";
import { binary } from "./ml/binary.ts";
import { opset, opsetFloor } from "./opset/index.ts";
import { trainingMode } from "./opset/training.ts";
import type { Pass } from "./pass.ts";
import { standard } from "./standard/index.ts";

/** For this file. Those that few models need are loaded where it has what they take apart: a page need not fetch them before. */
export const passesFor = async (file: ModelProto): Promise<readonly Pass[]> => {
  const foreign = hasForeign(file);
  const operators = operatorsOf(file);
  const [fused, learn, integers, states] = await Promise.all([
    foreign ? import("./contrib/index.ts") : undefined,
    foreign ? import("./ml/index.ts") : undefined,
    foreign || INTEGERS.test(operators) ? import("./quantised/index.ts") : undefined,
    RECURRENT.test(operators) ? import("./recurrent/index.ts") : undefined,
  ]);
  return [
    opsetFloor,
    functions,
    trainingMode,
    ...(states ? [states.batchFirst] : []),
    float32,
    ...(fused ? [fused.foreignContrib] : []),
    opset,
    ...(learn ? [learn.ml] : []),
    binary,
    ...(learn ? [learn.wholeNumbers, learn.trees, learn.decisions] : []),
    ...(integers ? [integers.quantised] : []),
    ...(fused ? [fused.contrib] : []),
    standard,
    branches,
    loops,
    sequences,
    ...(states ? [states.recurrent] : []),
  ];
};

/** Operators beside the standard's, or only the import of their domain. */
const hasForeign = ({ opsetImport, functions: own = [] }: ModelProto): boolean =>
  [...opsetImport, ...own.flatMap((one) => one.opsetImport)].some(({ domain }) => domain !== "" && domain !== "ai.onnx");

const INTEGERS = /quantize|QLinear|Integer/i;
/** Quantised and fused ones are called so too. */
const RECURRENT = /LSTM|GRU|RNN/i;

/** The names of a file's operators, those of subgraphs and functions too. */
const operatorsOf = ({ graph, functions: own = [] }: ModelProto): string =>
  [...new Set([...nodesOf(graph), ...own.flatMap(({ node }) => node)].map(({ opType }) => opType))].join();
