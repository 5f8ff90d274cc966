/** Values that come and go together: an array of whole numbers, or columns of a table by their names. */
import { type Explainer, fail, type Tensor } from "@backlit/core";
import type { Source } from "../kinds/kind.ts";
import { loadInput } from "../kinds/load-input.ts";
import { suggest } from "../words/nearest.ts";

/** Columns by the name of their group. */
export type NamedGroups = Readonly<Record<string, readonly string[]>>;

/** Such columns, or a file: .npy of whole numbers in the shape of one sample, or NamedGroups as JSON. */
export type GroupsAsked = string | NamedGroups;

/**
 * Whole numbers, a group each; columns that no group names stand alone. `columns`: what each explained number belongs to, a name may stand at
 * several; undefined where they have no names. Errors: NotFound, BadInput; Usage for columns that nothing is called and for those in two groups.
 */
export const readGroups = async (source: Source, asked: GroupsAsked, columns: readonly string[] | undefined): Promise<Tensor> => {
  const given = typeof asked === "string" ? await fromFile(source, asked) : asked;
  if (isTensor(given)) return given;
  const where = typeof asked === "string" ? asked : undefined;
  if (columns === undefined)
    throw fail("Usage", {
      what: "groups by names",
      where,
      why: "what is explained has no columns with names",
      fix: "give --groups an .npy of whole numbers, in the shape of one sample",
    });
  const groups = groupsByColumn(given, columns, where);
  const names = [...new Set(columns)];
  const numbers = new Map(
    [...new Set(names.map((name) => groups.get(name) ?? ` ${name}`))].map((group, i) => [group, BigInt(i)]),
  );
  return {
    type: "int64",
    dims: [columns.length],
    data: BigInt64Array.from(columns, (name) => numbers.get(groups.get(name) ?? ` ${name}`)!),
  };
};

/** The group of each column that is in one. Errors: Usage. */
export const groupsByColumn = (groups: NamedGroups, columns: readonly string[], where?: string): ReadonlyMap<string, string> => {
  const owner = new Map<string, string>();
  for (const [group, names] of Object.entries(groups))
    for (const name of names) {
      if (!columns.includes(name))
        throw fail("Usage", {
          what: `no column is called '${name}'`,
          where,
          fix: suggest(name, [...new Set(columns)].slice(0, 20)),
        });
      const other = owner.get(name);
      if (other !== undefined)
        throw fail("Usage", {
          what: `column '${name}' ${other === group ? "stands twice in" : `is in '${other}' and in`} '${group}'`,
          where,
          fix: "name it once",
        });
      owner.set(name, group);
    }
  return owner;
};

const isTensor = (given: Tensor | NamedGroups): given is Tensor => ArrayBuffer.isView((given as Tensor).data);

const fromFile = async (source: Source, path: string): Promise<Tensor | NamedGroups> => {
  const loaded = await loadInput(source, path, { text: true });
  if (loaded.kind === "tensor") return loaded.tensor;
  const json = loaded.kind === "text" ? parsed(loaded.text) : undefined;
  if (json !== null && typeof json === "object" && Object.values(json).every(isNames)) return json as NamedGroups;
  throw fail("BadInput", {
    what: "no groups",
    where: path,
    fix: 'give an .npy of whole numbers, or names of columns as JSON: {"colour": ["red", "green"]}',
  });
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
};

const isNames = (list: unknown): boolean =>
  Array.isArray(list) && list.length > 0 && list.every((name) => typeof name === "string");

/** What each number of a row of the explained values belongs to: columns by name, categories by the column they are of; undefined without names. */
export const columnsOf = (
  lit: Explainer,
  explained: readonly string[],
  names: Readonly<Record<string, readonly string[]>> | undefined,
): readonly string[] | undefined => {
  const features = lit.outline().reading.features(explained);
  const each = explained.map((value): readonly string[] | undefined => {
    if (names?.[value]) return names[value];
    if (features[value]) return features[value].map(({ input, column = 0 }) => names?.[input]?.[column] ?? input);
    return undefined;
  });
  return each.every((one) => one !== undefined) ? each.flat() : undefined;
};
