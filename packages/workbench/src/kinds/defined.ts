/** Kinds of input that come from outside: asked before those that are built in. */
import { fail } from "@backlit/core";
import { fitting } from "./array/read.ts";
import type { DefinedReader } from "./defined-reader.ts";
import type { Drawer, Kind } from "./kind.ts";

interface Defined {
  readonly reader: DefinedReader;
  readonly kind: Kind;
}

const all = new Map<string, Defined>();

/** Errors: BadDefinition for a name that is taken. */
export const addDefined = (reader: DefinedReader, view: Drawer | undefined): void => {
  if (all.has(reader.name)) throw fail("BadDefinition", { what: `the kind of input '${reader.name}' is there already` });
  const { name } = reader;
  const kind: Kind = {
    name,
    read: async (loaded, { targets: [input], file, reading }) => {
      if (loaded.kind !== "defined" || loaded.reader !== reader) return undefined;
      const { bytes, name: where } = loaded;
      const values = await reader.read(bytes, { input: input!, where, note: reading.note });
      return [{ file, feeds: { [input!.name]: fitting(where, reading)(values, input!) }, kind: name }];
    },
    ...(view && { view: (row, map, context) => (row.sample.kind === name ? view(row, map, context) : undefined) }),
  };
  all.set(name, { reader, kind });
};

/** The first that takes these bytes for its own. */
export const definedFor = (bytes: Uint8Array): DefinedReader | undefined =>
  [...all.values()].find(({ reader }) => reader.detect(bytes))?.reader;

export const definedKinds = (): readonly Kind[] => [...all.values()].map(({ kind }) => kind);
