/** Which file an address of a site means, and how it is sent. */
import { extname, normalize, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".txt": "text/plain; charset=utf-8",
};

export const typeOf = (path: string): string => TYPES[extname(path).toLowerCase()] ?? "application/octet-stream";

/** Threads of WebAssembly need a page that is isolated from others. */
export const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "x-content-type-options": "nosniff",
  "cache-control": "no-cache",
} as const;

/** Below the site, without a slash in front; undefined for what leads out of it. */
export const placeOf = (url: string): string | undefined => {
  try {
    const path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname))
      .split(sep)
      .join("/")
      .replace(/^\/+/, "");
    if (path.split("/").includes("..") || path.includes("\0")) return undefined;
    return path === "" || path === "." ? "index.html" : path;
  } catch {
    return undefined;
  }
};
