/** Columns that come and go together, of every command that takes some away or moves them. */
import { fail } from "@backlit/core";
import type { GroupsAsked, NamedGroups } from "@backlit/workbench";
import { pairs } from "./choices.ts";

export const GROUP = [
  "--group <name=columns>",
  "columns that come and go together, with commas: colour=colour_red,colour_blue (repeatable)",
] as const;

export const GROUPS = [
  "--groups <file>",
  "the same from a file: an .npy of whole numbers in the shape of one sample, or names of columns as JSON",
] as const;

interface Said {
  readonly group?: readonly string[] | undefined;
  readonly groups?: string | undefined;
}

export const namedGroups = ({ group = [] }: Pick<Said, "group">): { readonly groups?: NamedGroups } => {
  const named = pairs("group", group).map(([name, columns]) => [name, columns.split(",").map((one) => one.trim())] as const);
  return named.length > 0 ? { groups: Object.fromEntries(named) } : {};
};

/** Throws Usage. */
export const groupsSaid = ({ group, groups }: Said): { readonly groups?: GroupsAsked } => {
  if (groups === undefined) return namedGroups({ group });
  if (group !== undefined) throw fail("Usage", { what: "--group and --groups", fix: "give one of them" });
  return { groups };
};
