import { availableParallelism } from "node:os";
import { fail } from "@backlit/core";

/** A parser of commander's for whole numbers. Throws Usage. */
export const wholeNumber =
  (option: string, least = 1) =>
  (text: string): number => {
    if (!/^\d{1,15}$/.test(text) || Number(text) < least)
      throw fail("Usage", { what: `--${option} ${text}`, fix: `give a whole number from ${least}` });
    return Number(text);
  };

/** `--workers`: a number, or as many as fit the machine: one a core, at most 8, as sessions take memory. Throws Usage. */
export const workerCount = (text: string): number =>
  text === "auto" ? Math.min(8, availableParallelism()) : wholeNumber("workers")(text);

/** The same for shares. Throws Usage. */
export const share =
  (option: string) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= 0 && value <= 1))
      throw fail("Usage", { what: `--${option} ${text}`, fix: "give a number from 0 to 1" });
    return value;
  };
