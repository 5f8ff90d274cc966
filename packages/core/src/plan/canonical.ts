/** The canonical form of a recipe: keys sorted, nothing undefined, no spaces. Its SHA-256 names the recipe. */
import type { ResolvedRecipe } from "./recipe.ts";

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([k, v]) => [k, sorted(v)]));
};

/** JSON with the keys of all objects in order, so that equal values are equal texts. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value));

/** Lower-case hexadecimal SHA-256 of bytes, or of a text's UTF-8. */
export const sha256 = async (data: Uint8Array | string): Promise<string> => {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** Names a resolved recipe; the composite's name is for the reader and does not count. */
export const recipeHash = (recipe: ResolvedRecipe): Promise<string> => {
  const { composite: _, ...counted } = recipe;
  return sha256(canonicalJson(counted));
};
