/** The passes, in order: one line each. */
import { contrib } from "./contrib/index.ts";
import { functions } from "./functions.ts";
import { float32 } from "./half/index.ts";
import { opset, opsetFloor } from "./opset/index.ts";
import type { Pass } from "./pass.ts";
import { quantised } from "./quantised/index.ts";

export const passes: readonly Pass[] = [opsetFloor, functions, float32, opset, quantised, contrib];
