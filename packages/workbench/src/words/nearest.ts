import { editDistance } from "@backlit/core";

/** The known name nearest in spelling, for "did you mean"; undefined when none is near. */
const nearest = (name: string, known: readonly string[]): string | undefined => {
  const near = known
    .map((candidate) => ({ candidate, distance: editDistance(candidate.toLowerCase(), name.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length / 2))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
};

/** "did you mean 'x'? known: x, y, z" */
export const suggest = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known);
  return `${near === undefined ? "" : `did you mean '${near}'? `}known: ${known.join(", ")}`;
};
