/** The files of a model on a site, kept by the browser; how much has come is told. */
import { fail } from "@backlit/core";
import { bytes } from "@backlit/workbench";
import type { ModelSource } from "./messages.ts";

/** A new name forgets what older versions of the page kept. */
const KEPT = "backlit-models-1";

/** Errors: NotFound. */
export const fetchedFiles = async (
  { base, names, beside = [], fresh = false }: Extract<ModelSource, { base: string }>,
  progress: (text: string) => void,
): Promise<Record<string, Blob>> => {
  const cache = fresh ? undefined : await kept();
  const files: Record<string, Blob> = {};
  for (const name of names)
    files[name] = await fetchedFile(new URL(name, base).href, cache, (text) => progress(`fetching ${name}: ${text}`));
  for (const name of beside) {
    const file = await fetchedFile(new URL(name, base).href, cache, () => {}).catch(() => undefined);
    if (file) files[name] = file;
  }
  return files;
};

const fetchedFile = async (href: string, cache: Cache | undefined, progress: (text: string) => void): Promise<Blob> => {
  const known = await cache?.match(href);
  if (known) return known.blob();
  const response = await fetch(href).catch((cause: Error) => {
    throw fail("NotFound", { what: "cannot be fetched", where: href, why: cause.message }, cause);
  });
  if (!response.ok) throw fail("NotFound", { what: "no such file", where: href, why: `the server says ${response.status}` });
  const blob = await counted(response, progress);
  // A full disk costs the next visit time, nothing else.
  await cache?.put(href, new Response(blob)).catch(() => {});
  return blob;
};

/** Private windows and pages without a secure address have no store. */
const kept = async (): Promise<Cache | undefined> => {
  try {
    return await caches.open(KEPT);
  } catch {
    return undefined;
  }
};

const counted = async (response: Response, progress: (text: string) => void): Promise<Blob> => {
  const total = Number(response.headers.get("content-length") ?? 0);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let count = 0;
  const reader = response.body!.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    pieces.push(read.value);
    count += read.value.length;
    progress(`${bytes(count)}${total > 0 ? ` of ${bytes(total)}` : ""}`);
  }
  return new Blob(pieces);
};
