/** Addresses that are there, asked in a way they do not answer: 405, with the ways they do. */
import type { Hono } from "hono";

/** Undefined where there is no such address. */
export const methodsAt = ({ routes }: Hono, path: string): readonly string[] | undefined => {
  const found = routes.filter((route) => route.method !== "ALL" && patternOf(route.path).test(path)).map(({ method }) => method);
  return found.length === 0
    ? undefined
    : [...new Set(found.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])))];
};

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/:\w+/g, "[^/]+")}$`);
