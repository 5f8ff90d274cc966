/** The passes, in order: one line each. */
import { contrib, foreignContrib } from "./contrib/index.ts";
import { branches, loops, sequences } from "./control/index.ts";
import { functions } from "./functions.ts";
import { float32 } from "./half/index.ts";
import { ml } from "./ml/index.ts";
import { trees } from "./ml/trees.ts";
import { wholeNumbers } from "./ml/whole-numbers.ts";
import { opset, opsetFloor } from "./opset/index.ts";
import { trainingMode } from "./opset/training.ts";
import type { Pass } from "./pass.ts";
import { quantised } from "./quantised/index.ts";
import { batchFirst, recurrent } from "./recurrent/index.ts";
import { standard } from "./standard/index.ts";

export const passes: readonly Pass[] = [
  opsetFloor,
  functions,
  trainingMode,
  batchFirst,
  float32,
  foreignContrib,
  opset,
  ml,
  wholeNumbers,
  trees,
  quantised,
  contrib,
  standard,
  branches,
  loops,
  sequences,
  recurrent,
];
