/** What a click into the input asks about: a pixel of a segmentation, a word of a text whose tokens have outputs of their own. */
import type { Why } from "@backlit/workbench";

export type Asks =
  /** The output's grid lies over the whole picture. */
  | { readonly kind: "pixel"; readonly width: number; readonly height: number }
  /** `label`: what the model says at a word; `token`: why the word itself was to be expected. */
  | { readonly kind: "label" | "token" };

/** Undefined where the whole input has one answer. */
export const asksOf = ({ target, found, area }: Pick<Why, "target" | "found" | "area">): Asks | undefined => {
  if (area) return { kind: "pixel", width: area.width, height: area.height };
  if (found?.tokens !== undefined || /@last$/.test(target.label ?? "")) return { kind: "token" };
  return typeof found?.position === "number" ? { kind: "label" } : undefined;
};

/** The target of a place in the picture; x and y in shares of its sides. */
export const pixelAsked = ({ width, height }: Extract<Asks, { kind: "pixel" }>, x: number, y: number): string => {
  const cell = (share: number, count: number) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
  return `top@pixel:${cell(y, height)},${cell(x, width)}`;
};

/** The target of a word that stands at these tokens; undefined for the first token, which nothing foretells. */
export const wordAsked = ({ kind }: Asks, [first, last]: readonly [number, number]): string | undefined => {
  if (kind === "label") return `top@position:${first}`;
  return kind === "token" && first > 0 ? `span:${first}..${last}` : undefined;
};
