export { type Artefact, type ArtefactNames, type EmitOptions, emitArtefact, METADATA, mapsAxis } from "./artefact.ts";
export { CAUSES, type Cause, COLUMNS, HEAD_ROW, type LedgerRow, WHOLE_BATCH } from "./ledger.ts";
export type { Along } from "./samples.ts";
export { checkSidecar, type HashFile, sidecar, sidecarFiles } from "./sidecar.ts";
export type { Target } from "./target.ts";
