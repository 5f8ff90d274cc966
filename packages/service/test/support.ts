/** A service on the bundled digits, its threads in this one. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { readNpy, type Tensor, writeNpy } from "@backlit/core";
import { nodeHost } from "../../backlit/src/host/index.ts";
import {
  DEFAULTS,
  type OpenService,
  openService,
  type Room,
  type ServiceOptions,
  type Settings,
  type Thread,
  workIn,
} from "../src/index.ts";

export const repository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** `workIn` at the other end of a channel: messages are copied as between threads. */
export const channelThread = (room: Room): Thread => {
  const { port1, port2 } = new MessageChannel();
  workIn(port2, nodeHost({ here: true }), room);
  return {
    postMessage: (call) => port1.postMessage(call),
    listen: ({ message, lost }) => {
      port1.on("message", message);
      port1.on("close", () => lost("closed"));
    },
    terminate: async () => port1.close(),
  };
};

/** As `Response`, with JSON to be looked into. */
type Answered = Omit<Response, "json" | "clone"> & { json(): Promise<ReturnType<typeof JSON.parse>>; clone(): Answered };

export const ask = async ({ app }: OpenService, path: string, init?: RequestInit): Promise<Answered> => app.request(path, init);

export const settingsOf = (own: Partial<Settings> = {}): Settings => ({ ...DEFAULTS, port: 0, ...own });

export const digits = new Map([["digits", repository("models/digits")]]);

export const openDigits = (own: Partial<Settings> = {}, more: Partial<ServiceOptions> = {}): Promise<OpenService> =>
  openService({
    models: digits,
    settings: settingsOf(own),
    start: channelThread,
    readText: async (path) => readFileSync(path, "utf8"),
    ...more,
  });

const images = readNpy(readFileSync(repository("data/digits/images.npy")));

/** Pixels 0 to 255 of `count` digits, [N, 1, 28, 28]. */
export const digitsOf = (count: number, from = 0): Tensor => ({
  type: "float32",
  dims: [count, 1, 28, 28],
  data: Float32Array.from((images.data as Uint8Array).subarray(from * 784, (from + count) * 784)),
});

export const npy = (tensor: Tensor): Uint8Array<ArrayBuffer> => new Uint8Array(writeNpy(tensor));

export const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body: body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : typeof body === "string" ? body : JSON.stringify(body),
  headers,
});
