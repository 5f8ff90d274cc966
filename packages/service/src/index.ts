/** Explanations over HTTP. */

export type { LogEntry } from "./http/app.ts";
export { logger } from "./log.ts";
export type { Thread } from "./pool/index.ts";
export { type Listening, type OpenService, openService, type ServiceOptions, serve } from "./serve.ts";
export { DEFAULTS, namedModels, type ReadSettings, readSettings, type Settings, type Sources } from "./settings/index.ts";
export { type Port, type Room, workIn } from "./work/index.ts";
