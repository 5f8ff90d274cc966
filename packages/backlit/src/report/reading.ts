/** What was read of a model's output, as data and in a line. */
import type { OutputReading } from "@backlit/core";

/** Keys are a contract of `--json`. */
export const readingOf = ({ output, kind, why, guessed, classAxis, whyAxis, link }: OutputReading) => ({
  output,
  kind,
  why,
  guessed,
  class_axis: classAxis ?? null,
  why_axis: whyAxis,
  start: link.start,
  made_by: link.kind,
});

/** "output 'y' holds logits (guessed: …), classes along axis 1" */
export const readingLine = ({ output, kind, why, guessed, classAxis, sign, twoClasses }: OutputReading): string => {
  const held =
    kind === "values" && twoClasses
      ? "one number, explained as it is (--target 0 or 1 takes it for a logit)"
      : kind.replaceAll("-", " ");
  const axis = classAxis === undefined || twoClasses ? "" : `; classes along axis ${classAxis}`;
  const turned = sign < 0 ? (kind === "distances" ? "; positive speaks for nearness" : "; positive speaks for unusual") : "";
  return `output '${output}': ${held} (${guessed ? "guessed: " : ""}${why})${axis}${turned}`;
};
