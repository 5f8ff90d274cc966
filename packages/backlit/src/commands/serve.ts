/** backlit serve: predictions and explanations over HTTP. */
import { readFile } from "node:fs/promises";
import { parse } from "node:path";
import { fail } from "@backlit/core";
import type { Listening, ServiceOptions } from "@backlit/service";
import { siteIn } from "../host/site/answer.ts";
import { studioFolder } from "../host/site/studio.ts";
import { builtThread } from "../host/thread.ts";
import type { Io } from "../io.ts";
import type { Register } from "./command.ts";

interface ServeOptions {
  readonly host?: string;
  readonly port?: string;
  readonly config?: string;
  readonly tokens?: string;
  readonly workers?: string;
  readonly check?: boolean;
  readonly studio?: boolean;
}

export const serveCommand: Register = (program, io) => {
  program
    .command("serve")
    .description("serve models over HTTP: Open Inference Protocol V2, KServe V1, and POST /explain/NAME")
    .argument("[models...]", "NAME=MODEL, or MODEL: an .onnx file, a folder, or a bundled name")
    .option("--host <host>", "address to listen at (default: 127.0.0.1)")
    .option("--port <n>", "port to listen at (default: 8080)")
    .option("--workers <n>", "threads that work (default: 1)")
    .option("--tokens <file>", "bearer tokens, one a line; without it nobody needs one")
    .option("--config <file>", "settings and models as JSON; the environment (BACKLIT_PORT, …) wins over it, options over both")
    .option("--studio", "the studio at /, for whoever opens the address in a browser")
    .option("--check", "open every model, say what it is, and end")
    .option("--debug", "show where an error was thrown")
    .action((models: string[], options: ServeOptions) => served(models, options, io));
};

const served = async (models: readonly string[], options: ServeOptions, io: Io): Promise<void> => {
  const service = await library();
  const { check, config, studio, ...given } = options;
  const file = config === undefined ? undefined : { name: config, text: await textIn(config) };
  const read = service.readSettings({ ...(file && { file }), env: process.env, given: { ...given } });
  const all = service.namedModels([...read.models, ...models.map(named)]);
  if (all.size === 0) throw fail("Usage", { what: "no MODEL", fix: "give models, or a --config that names some" });
  const log = await logger(check === true);
  const serving: ServiceOptions = {
    models: all,
    settings: read.settings,
    start: (room) => builtThread("service-thread.js", room),
    readText: textIn,
    ...(studio && { site: siteIn(studioFolder()) }),
    log: (entry) => log[entry.status >= 500 ? "error" : "info"](entry, "answered"),
  };
  if (check) {
    const opened = await service.openService(serving);
    for (const [name, { description }] of opened.service.models)
      io.out(`${name}: ${description.inputs.map(shown).join(", ")} → ${description.outputs.map(shown).join(", ")}; ready\n`);
    return opened.drain();
  }
  const server = await service.serve(serving);
  log.info({ url: server.url, models: [...all.keys()] }, "listening");
  await untilToldToEnd(server, log);
};

const shown = ({ name, shape }: { readonly name: string; readonly shape: readonly number[] }): string =>
  `${name} [${shape.join(", ")}]`;

/** `NAME=MODEL`; a model without a name goes by its file's. */
const named = (text: string): readonly [name: string, path: string] => {
  const [, name, path] = /^([\w.-]+)=(.+)$/.exec(text) ?? [];
  return name === undefined ? [parse(text).name, text] : [name, path!];
};

const textIn = async (path: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw fail("NotFound", { what: "no such file", where: path, fix: "check the path" }, cause);
  }
};

/** SIGTERM and SIGINT end it when all is answered, SIGHUP loads models and tokens anew. */
const untilToldToEnd = (server: Listening, log: Log): Promise<void> =>
  new Promise((resolve) => {
    const end = (signal: string) => {
      log.info({ signal }, "shutting down");
      for (const one of ENDS) process.off(one, end);
      void server.close().then(resolve);
    };
    for (const one of ENDS) process.on(one, end);
    process.on("SIGHUP", () => {
      server.reload().then(
        () => log.info({}, "loaded anew"),
        (error: Error) => log.error({ error: error.message }, "not loaded anew: all stays as it was"),
      );
    });
  });
const ENDS = ["SIGTERM", "SIGINT"] as const;

interface Log {
  info(entry: object, text: string): void;
  error(entry: object, text: string): void;
}

const logger = async (quiet: boolean): Promise<Log> => (await library()).logger(quiet);

/** A package of its own: it brings a server, a log and metrics. */
const library = () =>
  import("@backlit/service").catch((cause) => {
    const parts = { what: "serving is done by a package of its own, which is not here", fix: "npm install @backlit/service" };
    throw fail("Unsupported", parts, cause);
  });
