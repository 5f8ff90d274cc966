/** The passes, in order: one line each. */
import { contrib } from "./contrib/index.ts";
import { functions } from "./functions.ts";
import { opset, opsetFloor } from "./opset/index.ts";
import type { Pass } from "./pass.ts";

export const passes: readonly Pass[] = [opsetFloor, functions, opset, contrib];
