import { fail } from "@backlit/core";

/** A parser of commander's for whole numbers. Throws Usage. */
export const wholeNumber =
  (option: string, least = 1) =>
  (text: string): number => {
    if (!/^\d{1,15}$/.test(text) || Number(text) < least)
      throw fail("Usage", { what: `--${option} ${text}`, fix: `give a whole number from ${least}` });
    return Number(text);
  };
