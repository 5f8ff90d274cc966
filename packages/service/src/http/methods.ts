/** Addresses that are there, asked in a way they do not answer: 405, with the ways they do. */
import type { Hono } from "hono";

/** Undefined where there is no such address. */
export const methodsAt = ({ routes }: Hono, path: string): readonly string[] | undefined => {
  const found = routes.filter((route) => route.method !== "ALL" && patternOf(route.path).test(path)).map(({ method }) => method);
  return found.length === 0
    ? undefined
    : [...new Set(found.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])))];
};

/** A part of a path is a name with a colon, behind it in braces what it looks like. */
const patternOf = (path: string): RegExp => {
  const parts = path.split("/").map((part) => {
    const [, parameter, looks] = /^(:\w+)(?:\{(.*)\})?$/.exec(part) ?? [];
    return parameter === undefined ? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : (looks ?? "[^/]+");
  });
  return new RegExp(`^${parts.join("/")}$`);
};
