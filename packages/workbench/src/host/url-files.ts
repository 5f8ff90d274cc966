/** Files below an address, fetched when they are asked for; pieces by range where the server can. */
import { fail } from "@backlit/core";
import type { Files } from "./files.ts";

/** Addresses have no folders that could be listed: a model's files go by their usual names. */
export const urlFiles = (base: string | URL): Files => {
  const at = (path: string) => new URL(path, base);
  const kept = new Map<string, Promise<Uint8Array>>();
  const whole = (path: string): Promise<Uint8Array> => {
    const { href } = at(path);
    const known = kept.get(href) ?? fetched(href).then(async (response) => new Uint8Array(await response.arrayBuffer()));
    known.catch(() => kept.delete(href));
    kept.set(href, known);
    return known;
  };
  return {
    info: async (path) => {
      const { href } = at(path);
      const name = nameOf(href);
      if (name === "" || !name.includes(".")) return { kind: "folder", name, size: 0 };
      const response = await fetch(href, { method: "HEAD" }).catch(() => undefined);
      // A page of the server's own stands where a single-page application has no such file.
      if (!response?.ok || (response.headers.get("content-type") ?? "").startsWith("text/html")) return undefined;
      const size = response.headers.get("content-length");
      return { kind: "file", name, size: size === null ? (await whole(path)).length : Number(size) };
    },
    list: async () => [],
    read: whole,
    slice: async (path, offset, length) => {
      const { href } = at(path);
      if (kept.has(href)) return (await whole(path)).subarray(offset, offset + length);
      const response = await fetched(href, { headers: { range: `bytes=${offset}-${offset + length - 1}` } });
      if (response.status === 206) return new Uint8Array(await response.arrayBuffer());
      const bytes = new Uint8Array(await response.arrayBuffer());
      kept.set(href, Promise.resolve(bytes));
      return bytes.subarray(offset, offset + length);
    },
  };
};

const nameOf = (href: string): string => decodeURIComponent(new URL(href).pathname.split("/").filter(Boolean).at(-1) ?? "");

const fetched = async (href: string, options?: RequestInit): Promise<Response> => {
  const response = await fetch(href, options).catch((cause: Error) => {
    throw fail("NotFound", { what: "cannot be fetched", where: href, why: cause.message }, cause);
  });
  if (response.ok) return response;
  throw fail("NotFound", { what: "no such file", where: href, why: `the server says ${response.status}` });
};
