export { type RelevantSubspaces, relevantSubspaces } from "./prca.ts";
export { type SubspacesAt, subspacesOf, withSubspaces } from "./rewrite.ts";
