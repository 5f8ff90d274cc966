import { editDistance } from "@backlit/core";

const bare = (name: string): string => name.toLowerCase().replace(/[^a-z\d]/g, "");
const initials = (name: string): string => name.replace(/([a-z\d])[a-z\d]*[^a-z\d]*/gi, "$1").toLowerCase();

/** Fewer letters are in many names by chance. */
const LEAST = 3;

/** How far a name is from what was written, less is nearer: signs left out, initials, misspelt, a part of it, or with something before it. */
const distanceOf = (written: string, candidate: string): number => {
  const [a, b] = [bare(written), bare(candidate)];
  // Other tools call rules and composites `lrp-…`.
  if (a === b || a === `lrp${b}`) return 0;
  if (a.length > 1 && a === initials(candidate)) return 0.5;
  const letters = editDistance(a, b);
  if (letters < Math.min(a.length, b.length) && letters <= Math.max(2, Math.floor(Math.max(a.length, b.length) / 3)))
    return letters;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length >= LEAST && long.includes(short)) return 100 + long.length - short.length;
  return Number.POSITIVE_INFINITY;
};

/** The known name nearest to it, for "did you mean"; undefined when none is near. */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  const near = known
    .map((candidate) => ({ candidate, distance: distanceOf(name, candidate) }))
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
};

/** "did you mean 'x'? known: x, y, z" */
export const suggest = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known);
  return `${near === undefined ? "" : `did you mean '${near}'? `}known: ${known.join(", ")}`;
};
