/** What stands above the pictures of a figure. */
import type { Mark } from "@backlit/core";
import type { Heading } from "./heading.ts";

/** Nothing without a title. */
export const titleMarks = ({ title, otherwise }: Partial<Heading>, x: number): readonly Mark[] =>
  title === undefined ? [] : [{ kind: "text", text: title, ...(otherwise !== undefined && { otherwise }), x, y: 24, bold: true }];
