/** Bodies that come compressed, as clients of model servers may send them: gzip and deflate, unpacked up to the limit of a body. */
import { joinBytes } from "@backlit/core";
import type { MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";

export const unpacked =
  (most: number): MiddlewareHandler =>
  async (c, next) => {
    const encoding = c.req.header("Content-Encoding")?.trim().toLowerCase();
    const { body } = c.req.raw;
    if (encoding === undefined || encoding === "identity" || body === null) return next();
    if (encoding !== "gzip" && encoding !== "deflate")
      throw new HTTPException(415, { message: `a body packed by '${encoding.slice(0, 20)}': send gzip, deflate, or none` });
    const bytes = await unpack(body, encoding, most);
    const headers = new Headers(c.req.raw.headers);
    headers.delete("Content-Encoding");
    headers.set("Content-Length", String(bytes.length));
    const { method, url, signal } = c.req.raw;
    c.req.raw = new Request(url, { method, headers, signal, body: bytes });
    return next();
  };

/** A small body may be a large one: it is looked at as it grows. Errors: 413, 400 for what is not packed so. */
const unpack = async (body: ReadableStream<Uint8Array>, encoding: "gzip" | "deflate", most: number) => {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = body.pipeThrough(new DecompressionStream(encoding) as never);
    for await (const part of stream as unknown as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > most) throw new HTTPException(413, { message: `an unpacked body of more than ${most} bytes` });
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof HTTPException) throw error;
    throw new HTTPException(400, { message: `the body is no ${encoding}` });
  }
  return joinBytes(parts);
};
