/** Files of a folder, and some by name, as a site on this machine only. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fail } from "@backlit/core";
import { HEADERS, placeOf, typeOf } from "./place.ts";

export interface SiteOptions {
  readonly folder: string;
  /** Files elsewhere, or texts, by their place in the site. */
  readonly named?: ReadonlyMap<string, { readonly path: string } | { readonly text: string }>;
  /** 0: one that is free. */
  readonly port?: number;
}

export interface ServedSite extends AsyncDisposable {
  /** Ends with a slash. */
  readonly address: string;
}

/** Answers on 127.0.0.1. Errors: Usage for a port that is taken. */
export const serveSite = async ({ folder, named = new Map(), port = 0 }: SiteOptions): Promise<ServedSite> => {
  const server = createServer((request, response) => {
    void answer(request, response, { folder, named }).catch(() => refuse(response, 500));
  });
  await new Promise<void>((done, failed) => {
    server.once("error", (cause: NodeJS.ErrnoException) => failed(taken(port, cause)));
    server.listen(port, "127.0.0.1", done);
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { address, [Symbol.asyncDispose]: close };
};

const taken = (port: number, cause: NodeJS.ErrnoException) =>
  fail(
    "Usage",
    {
      what: `cannot listen on port ${port}`,
      why: cause.code === "EADDRINUSE" ? "another program does" : cause.message,
      fix: "give another --port, or none",
    },
    cause,
  );

/** A name that leads here from elsewhere is refused: no other site may read through a visitor's browser. */
const OWN = /^(localhost|127\.0\.0\.1)(:\d+)?$/;

const answer = async (
  { url = "/", method, headers }: IncomingMessage,
  response: ServerResponse,
  { folder, named }: Required<Pick<SiteOptions, "folder" | "named">>,
): Promise<void> => {
  if (!OWN.test(headers.host ?? "")) return refuse(response, 403);
  if (method !== "GET" && method !== "HEAD") return refuse(response, 405);
  const asked = placeOf(url);
  if (asked === undefined) return refuse(response, 400);
  const own = named.get(asked);
  const type = { ...HEADERS, "content-type": typeOf(asked) };
  if (own && "text" in own) return void response.writeHead(200, type).end(method === "HEAD" ? undefined : own.text);
  const path = own?.path ?? join(folder, asked);
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) return refuse(response, 404);
  response.writeHead(200, { ...type, "content-length": info.size });
  if (method === "HEAD") response.end();
  else createReadStream(path).pipe(response);
};

const refuse = (response: ServerResponse, status: number): void => {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { ...HEADERS, "content-type": "text/plain; charset=utf-8" }).end(`${status}\n`);
};
