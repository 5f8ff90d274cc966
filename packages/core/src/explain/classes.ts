/** Which class each sample is explained for: asked for by index, or decided once by a first pass. */
import type { Target } from "../emit/index.ts";
import { fail } from "../errors.ts";
import type { Shape } from "../graph/facts.ts";
import { type Scoring, unravel, wide, winnerOf } from "../oracle/score.ts";
import type { FloatTensor } from "../tensor/float.ts";

/** One class a sample: its index, or one for each axis after the batch. */
export type SampleTargets = readonly (number | readonly number[])[];

export type Asked = Target | { readonly kind: "each"; readonly index: readonly (readonly number[])[] };

export const askedOf = (targets: SampleTargets): Asked => {
  const index = targets.map((target) => (typeof target === "number" ? [target] : target));
  if (index.length > 0 && index.every((one) => one.length === index[0]!.length)) return { kind: "each", index };
  throw fail("BadTarget", { what: `targets ${JSON.stringify(targets)}`, fix: "give one index, or as many for each sample" });
};

/**
 * Indices by sample, one for each axis after the batch. A model with one logit has the classes 0 and 1; `logits` are those of the
 * samples. Errors: BadTarget.
 */
export const classTargets = (target: Asked, logits: FloatTensor, scoring: Scoring): readonly (readonly number[])[] => {
  const [samples = 1, ...axes] = logits.dims;
  const width = logits.data.length / samples;
  switch (target.kind) {
    case "index":
      return Array.from({ length: samples }, () => checkedIndex(target.index, axes, scoring));
    case "each":
      if (target.index.length !== samples && target.index.length !== 1)
        throw fail("BadTarget", { what: `${target.index.length} classes for ${samples} samples`, fix: "give one for each" });
      return Array.from({ length: samples }, (_, n) => checkedIndex(target.index[n] ?? target.index[0]!, axes, scoring));
    case "argmax":
      return Array.from({ length: samples }, (_, n) => winnerOf(logits.data.subarray(n * width, (n + 1) * width), axes, scoring));
    default:
      throw fail("BadTarget", {
        what: "several classes at once",
        why: "this method explains one class a run",
        fix: "name one class, or top",
      });
  }
};

/** Most classes that are walks of one artefact. */
const FEW_CLASSES = 16;

/** Whether more classes are asked for at once than one artefact serves well. */
export const isMany = (target: Asked): boolean =>
  (target.kind === "top" && target.k > FEW_CLASSES) || (target.kind === "list" && target.index.length > FEW_CLASSES);

/** Rounds of one class a sample: K of them with top:K. Errors: BadTarget. */
export const classRounds = (
  target: Asked,
  logits: FloatTensor,
  scoring: Scoring,
): readonly (readonly (readonly number[])[])[] => {
  const [samples = 1, ...axes] = logits.dims;
  if (target.kind === "list")
    return target.index.map((index) => Array.from({ length: samples }, () => checkedIndex(index, axes, scoring)));
  if (target.kind !== "top") return [classTargets(target, logits, scoring)];
  const width = logits.data.length / samples;
  const classes = scoring.twoClasses ? 2 : width;
  if (target.k > classes)
    throw fail("BadTarget", {
      what: `target top:${target.k}`,
      why: `the model has ${classes} ${classes === 1 ? "class" : "classes"}`,
      fix: `ask for at most ${classes}`,
    });
  const ranked = Array.from({ length: samples }, (_, n) =>
    ranking(logits.data.subarray(n * width, (n + 1) * width), axes, scoring),
  );
  return Array.from({ length: target.k }, (_, k) => ranked.map((order) => order[k]!));
};

/** All classes, the one that speaks for itself most first, the first on ties. */
const ranking = (z: Float32Array, axes: readonly number[], scoring: Scoring): readonly (readonly number[])[] => {
  if (scoring.twoClasses) return winnerOf(z, axes, scoring)[0] === 1 ? [[1], [0]] : [[0], [1]];
  const order = Array.from(z.keys()).sort((a, b) => scoring.sign * (z[b]! - z[a]!) || a - b);
  return order.map((i) => unravel(i, wide(axes)));
};

/** Classes that turned out not to be there, where that shows at run time only. Errors: BadTarget. */
export const checkFound = (target: Asked, found: readonly (readonly number[])[], sizes: readonly number[]): void => {
  if (found.every((row) => row.every((index) => index >= 0))) return;
  const asked =
    target.kind === "top" ? `top:${target.k}` : "index" in target ? target.index.map((one) => String(one)).join(" ") : "";
  throw fail("BadTarget", {
    what: `target ${asked}`,
    why: `the output has ${sizes.filter((n) => n !== 1).join("×") || 1} values here`,
    fix: "name what there is, counted from 0",
  });
};

/** Of `A minus B` with an index for each axis: B's place along the class axis; elsewhere they have to agree. Errors: BadTarget. */
export const sharedPosition = (a: readonly number[], b: readonly number[], axes: Shape, scoring: Scoring): number => {
  const [one, other] = [checkedIndex(a, axes, scoring), checkedIndex(b, axes, scoring)];
  const at = namedClassAxis(axes, scoring);
  if (at !== undefined && one.every((i, axis) => axis === at || i === other[axis])) return other[at]!;
  throw fail("BadTarget", {
    what: `target ${a.join(",")} minus ${b.join(",")}`,
    why:
      at === undefined
        ? "no axis of the output is known to count classes"
        : `they stand at two positions, and classes run along index ${at + 1}`,
    fix: at === undefined ? "say which does with --class-axis" : "name two classes at one position",
  });
};

/** The class that a target is explained against, at the target's position. Errors: BadTarget. */
export const rivalAt = (target: readonly number[], rival: number, axes: Shape, scoring: Scoring): readonly number[] => {
  if (target.length < 2) return checkedIndex([rival], axes, scoring);
  const at = namedClassAxis(axes, scoring);
  if (at === undefined)
    throw fail("BadTarget", {
      what: `class ${rival} to contrast with`,
      why: "no axis of the output is known to count classes",
      fix: "say which does with --class-axis",
    });
  return checkedIndex(target.with(at, rival), axes, scoring);
};

/** Where the class axis stands among the axes that a target names; undefined where nothing tells. */
const namedClassAxis = (axes: Shape, { classAxis }: Scoring): number | undefined =>
  classAxis === undefined || axes[classAxis] === 1 ? undefined : wide(axes.slice(0, classAxis)).length;

/** An index for each axis a target names; those of size 1 may be given, and are left out. Errors: BadTarget. */
export const checkedIndex = (
  index: readonly number[],
  axes: Shape,
  { twoClasses }: Pick<Scoring, "twoClasses">,
): readonly number[] => {
  const named = wide(axes);
  const sizes = twoClasses ? [2] : index.length === axes.length && axes.length > 0 ? axes : named.length === 0 ? [1] : named;
  if (index.length !== sizes.length)
    throw fail("BadTarget", {
      what: `target ${index.join(",")}`,
      why: `the output has ${sizes.length} axes after the batch${axes.length > 0 ? ` (${axes.map((n) => n ?? "any").join("×")})` : ""}`,
      fix: "give one index for each: i,j",
    });
  index.forEach((i, axis) => {
    const size = sizes[axis] ?? null;
    if (!Number.isInteger(i) || i < 0 || (size !== null && i >= size))
      throw fail("BadTarget", {
        what: `target ${i}`,
        why: `classes run from 0 to ${size === null ? "the size of the output" : size - 1}`,
      });
  });
  if (sizes !== axes) return index;
  const kept = index.filter((_, axis) => axes[axis] !== 1);
  return kept.length === 0 ? [0] : kept;
};
