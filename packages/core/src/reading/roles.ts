/** What an axis of a value counts. */
export const AXIS_ROLES = [
  "batch",
  "channel",
  "height",
  "width",
  "depth",
  "time",
  "token",
  "feature",
  "node",
  "unknown",
] as const;
export type AxisRole = (typeof AXIS_ROLES)[number];

/** A role, and in one short line what tells it. */
export interface AxisReading {
  readonly role: AxisRole;
  readonly why: string;
}
