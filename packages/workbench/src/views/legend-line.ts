/** What colours mean, in a terminal. */
import { printable, type Sides, signMark } from "@backlit/core";
import { type Surface, terminalColours } from "../host/surface.ts";

/** A line for a terminal; where it has no colours the signs are told. */
export const legendLine = (sides: Sides, io: Surface): string => {
  const colors = terminalColours(io);
  const [against, speaksFor] = [printable(sides.against), printable(sides.for)];
  if (colors === "none") return io.colours.dim(`- ${against}, + ${speaksFor}`);
  return `${signMark(-1, colors)} ${io.colours.dim(against)}  ${signMark(1, colors)} ${io.colours.dim(speaksFor)}`;
};
