/** Control flow that does not depend on the values of the input: branches inlined, loops unrolled, sequences followed. */
import { expanding } from "../pass.ts";
import { If } from "./if.ts";
import { Loop } from "./loop.ts";
import { Scan } from "./scan.ts";

export { sequences } from "./sequences.ts";
export const branches = expanding("branches", "always the same branch", { If });
export const loops = expanding("loops", "unrolled", { Loop, Scan });
