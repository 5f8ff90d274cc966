/** Whether a config is about sound: known before anything that makes features of sounds is loaded. */
export const describesSound = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === "object" && json !== null && typeof (json as Readonly<Record<string, unknown>>).sampling_rate === "number";
