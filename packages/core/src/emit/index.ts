export { type Artefact, type ArtefactNames, type EmitOptions, emitArtefact, METADATA, mapsAxis } from "./artefact.ts";
export type { ChannelsOf } from "./channel-axes.ts";
export { CHANNEL_COLUMNS, POSITION_COLUMNS } from "./channel-scores.ts";
export { CAUSES, type Cause, COLUMNS, HEAD_ROW, type LedgerRow, MASK_ROW, WHOLE_BATCH } from "./ledger.ts";
export type { MaskOf } from "./mask-inputs.ts";
export type { Along } from "./samples.ts";
export { checkSidecar, type HashFile, sidecar, sidecarFiles } from "./sidecar.ts";
export type { Target } from "./target.ts";
