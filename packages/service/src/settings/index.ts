/** How a service is set up: defaults, below a file's, below the environment's, below the command's. */
import { fail } from "@backlit/core";

export interface Settings {
  readonly host: string;
  readonly port: number;
  /** Threads that work, each with its own open models. */
  readonly workers: number;
  /** Of the engine in each worker; 0 lets the engine choose. */
  readonly threads: number;
  /** Bytes of a request. */
  readonly body_bytes: number;
  /** Pixels of a picture. */
  readonly pixels: number;
  /** Seconds from a request to its answer. */
  readonly seconds: number;
  /** Requests that wait at most. */
  readonly queue: number;
  /** Bytes of open models and their sessions, in each worker. */
  readonly model_bytes: number;
  /** Triton's knobs. */
  readonly max_batch_size: number;
  readonly preferred_batch_size: readonly number[];
  readonly max_queue_delay_microseconds: number;
  /** Bytes of kept answers of the door for people and of files in V1; 0: none are kept. */
  readonly cache_bytes: number;
  /** A file of bearer tokens; empty: nobody needs one. */
  readonly tokens: string;
}

/** `workers`, `threads` and `body_bytes` may be set by BACKLIT_WORKERS, BACKLIT_THREADS, BACKLIT_BODY_BYTES, and so on. */
export const DEFAULTS: Settings = {
  host: "127.0.0.1",
  port: 8080,
  workers: 1,
  threads: 0,
  body_bytes: 20e6,
  pixels: 50e6,
  seconds: 30,
  queue: 64,
  model_bytes: 2 ** 31,
  max_batch_size: 8,
  preferred_batch_size: [],
  max_queue_delay_microseconds: 0,
  cache_bytes: 64e6,
  tokens: "",
};

type Key = keyof Settings;
const KEYS = Object.keys(DEFAULTS) as readonly Key[];
const ZERO: readonly Key[] = ["port", "threads", "max_queue_delay_microseconds", "queue", "cache_bytes"];

const wrong = (key: string, where: string, fix: string) => fail("Usage", { what: `setting '${key}'`, where, fix });

/** A value of the file, or a text of the environment or the command. Errors: Usage. */
const checked = (key: Key, value: unknown, where: string): Settings[Key] => {
  const wanted = DEFAULTS[key];
  if (typeof wanted === "string") {
    if (typeof value === "string") return value;
    throw wrong(key, where, "give a text");
  }
  const number = (one: unknown, least: number): number => {
    const read = typeof one === "string" && /^\d+(\.\d+)?(e\d+)?$/.test(one.trim()) ? Number(one) : one;
    const wholly = key === "seconds" || Number.isSafeInteger(read);
    if (typeof read === "number" && wholly && read >= least && Number.isFinite(read) && !(key === "port" && read > 65535))
      return read;
    throw wrong(
      key,
      where,
      `give a ${key === "seconds" ? "" : "whole "}number from ${least}${key === "port" ? " to 65535" : ""}`,
    );
  };
  if (typeof wanted === "number") return number(value, key === "seconds" ? 0.001 : ZERO.includes(key) ? 0 : 1);
  const list = typeof value === "string" ? value.split(",") : value;
  if (!Array.isArray(list)) throw wrong(key, where, "give a list of numbers");
  return list.map((one) => number(one, 1));
};

export interface Sources {
  /** A file's content, and its name for errors. */
  readonly file?: { readonly name: string; readonly text: string };
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What the command says. */
  readonly given?: Readonly<Record<string, string | number | undefined>>;
}

export interface ReadSettings {
  readonly settings: Settings;
  /** Models of the file, path by name. */
  readonly models: ReadonlyMap<string, string>;
}

/** Errors: Usage, BadFile for a file that is no JSON object. */
export const readSettings = ({ file, env = {}, given = {} }: Sources): ReadSettings => {
  const { models = {}, ...own } = file === undefined ? {} : objectIn(file);
  const strange = Object.keys(own).find((key) => !KEYS.includes(key as Key));
  if (strange !== undefined) throw wrong(strange, file!.name, `there are models, ${KEYS.join(", ")}`);
  const pick = (key: Key): Settings[Key] => {
    const variable = `BACKLIT_${key.toUpperCase()}`;
    if (given[key] !== undefined) return checked(key, given[key], `--${key.replaceAll("_", "-")}`);
    if (env[variable] !== undefined) return checked(key, env[variable], variable);
    return own[key] === undefined ? DEFAULTS[key] : checked(key, own[key], file!.name);
  };
  return {
    settings: Object.fromEntries(KEYS.map((key) => [key, pick(key)])) as unknown as Settings,
    models: file === undefined ? new Map() : modelsIn(models, file.name),
  };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const objectIn = ({ name, text }: NonNullable<Sources["file"]>): Record<string, unknown> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw fail("BadFile", { what: "the settings are no JSON", where: name, why: (cause as Error).message }, cause);
  }
  if (isObject(value)) return value;
  throw fail("BadFile", { what: "the settings are no JSON object", where: name });
};

const modelsIn = (models: unknown, where: string): ReadonlyMap<string, string> => {
  const entries = isObject(models) ? Object.entries(models) : undefined;
  if (entries?.every(([, path]) => typeof path === "string")) return namedModels(entries as [string, string][]);
  throw wrong("models", where, 'write {"NAME": "PATH"}');
};

/** Names that stand in addresses. Errors: Usage for a name that cannot, and for one twice. */
export const namedModels = (models: readonly (readonly [name: string, path: string])[]): ReadonlyMap<string, string> => {
  const all = new Map<string, string>();
  for (const [name, path] of models) {
    if (!/^[\w][\w.-]*$/.test(name))
      throw fail("Usage", {
        what: `a model called '${name}'`,
        why: "names stand in addresses",
        fix: "write NAME=PATH with letters, digits, . - _",
      });
    if (all.has(name)) throw fail("Usage", { what: `two models called '${name}'`, fix: "write NAME=PATH" });
    all.set(name, path);
  }
  return all;
};
