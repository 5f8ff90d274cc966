/** What a person sends: the input as the body, or as a part of a form with files beside it. */
import { fail } from "@backlit/core";
import type { Context } from "hono";

export interface Sent {
  readonly input: Uint8Array;
  /** By the names they are sent under. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** What stands in a form and might stand in the query. */
  readonly said: Readonly<Record<string, readonly string[]>>;
}

/**
 * `curl --data-binary @cat.png`, or `curl -F input=@cat.png -F file=@other.png -F target=pair:other.png`: one part is the `input`, other
 * files go by their own names, and say what they are by the part's name where it is one of a file (`-F labels=@names.txt`). Errors: BadInput.
 */
export const sentIn = async (c: Context): Promise<Sent> => {
  const form = (c.req.header("Content-Type") ?? "").startsWith("multipart/");
  const sent = form ? await partsOf(c) : { input: new Uint8Array(await c.req.arrayBuffer()), files: {}, said: {} };
  if (sent.input.length === 0)
    throw fail("BadInput", { what: "an empty body", fix: "send a picture, a text, a table or an array" });
  return sent;
};

/** What names a file may be the file itself. */
const NAMING = ["references", "groups", "labels"];

const partsOf = async (c: Context): Promise<Sent> => {
  const parts = await c.req.raw.formData().catch(() => {
    throw fail("BadInput", {
      what: "the body is no form",
      fix: "send the file itself: curl --data-binary @FILE, or -F input=@FILE",
    });
  });
  const files = new Map<string, Uint8Array>();
  const said: Record<string, string[]> = {};
  let input: Uint8Array | undefined;
  for (const [name, value] of parts) {
    if (typeof value === "string" && name !== "input") {
      said[name] = [...(said[name] ?? []), value];
      continue;
    }
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : new Uint8Array(await value.arrayBuffer());
    if (name !== "input") {
      const { name: file } = value as File;
      files.set(file, bytes);
      if (NAMING.includes(name)) said[name] = [...(said[name] ?? []), file];
    } else if (input === undefined) input = bytes;
    else throw fail("BadInput", { what: "two parts are called 'input'", fix: "one input a request" });
  }
  if (input === undefined) throw fail("BadInput", { what: "no part is called 'input'", fix: "send -F input=@FILE" });
  return { input, files: Object.fromEntries(files), said };
};
