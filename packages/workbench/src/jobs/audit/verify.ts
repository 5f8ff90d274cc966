/** Is an audit what it was when it was made, and does it come out again? */
import { fail, parseRecipe, VERSION } from "@backlit/core";
import { type Files, textOf } from "../../host/files.ts";
import type { Audit } from "./document.ts";
import { auditedIdentity } from "./identity.ts";
import { auditIn, auditPage } from "./page.ts";
import type { Asked } from "./run.ts";
import { type Difference, differencesOf, sealOf } from "./seal.ts";

export interface Verified {
  readonly matches: boolean;
  /** Lines for a person. */
  readonly lines: readonly string[];
}

/** Two runs of the same work on other machines may differ in the last bits of float32. */
const CLOSE = 1e-3;
const SHOWN = 5;

/** Reads a report (.html) or its JSON. Errors: NotFound, BadInput. */
export const readAudit = async (files: Files, path: string): Promise<{ readonly audit: Audit; readonly text: string }> => {
  const text = await textOf(files, path, "cannot read the audit");
  const json = /^\s*</.test(text) ? auditIn(text) : text;
  let audit: Partial<Audit> | undefined;
  try {
    audit = json === undefined ? undefined : JSON.parse(json);
  } catch {
    audit = undefined;
  }
  if (audit?.audit !== 1 || typeof audit.sha256 !== "string" || typeof audit.model !== "object" || typeof audit.task !== "object")
    throw fail("BadInput", { what: "this is no audit", where: path, fix: "give a report or JSON that backlit audit wrote" });
  return { audit: audit as Audit, text };
};

/** Its hash against its content; of a page also what is shown against what it holds. */
export const sealed = async ({ audit, text }: { readonly audit: Audit; readonly text: string }): Promise<Verified> => {
  const own = await sealOf(audit);
  if (own !== audit.sha256)
    return {
      matches: false,
      lines: [`changed: its content has SHA-256 ${own}, it says ${audit.sha256}`],
    };
  if (/^\s*</.test(text) && audit.version === VERSION && auditPage(audit) !== text)
    return { matches: false, lines: ["changed: the page shows something else than the audit it holds"] };
  return { matches: true, lines: [`whole: its content has the SHA-256 it says, ${own}`] };
};

/** What to ask for to have it again. */
export const askedAgain = ({ method, task }: Audit): Asked => {
  const { recipe } = parseRecipe(method.recipe as object);
  const { random } = method.recipe as { readonly random?: number };
  const { target, limit, seed, settings, explain, output, dims, preprocess } = task;
  return {
    choices: {
      ...recipe,
      explain: explain ?? undefined,
      output: output ?? undefined,
      ...(random !== undefined && { random }),
    } as Asked["choices"],
    name: method.name,
    target,
    ...(limit !== undefined && { limit }),
    seed,
    settings,
    ...(dims && { dims }),
    ...(preprocess && { preprocess }),
  };
};

/** Names may differ: files are told by their hashes. */
export const sameFiles = async (audit: Audit, model: string, data: string): Promise<readonly string[]> => {
  const own = await auditedIdentity(audit.model);
  return [
    ...(own === model ? [] : [`another model: SHA-256 ${model}, the audit is of ${own}`]),
    ...(audit.data.sha256 === data ? [] : [`other data: SHA-256 ${data}, the audit is of ${audit.data.sha256}`]),
  ];
};

/** Those the audit was made with; undefined: none were given. */
export const sameReferences = (
  { task }: Audit,
  given: NonNullable<Audit["task"]["references"]> | undefined,
): readonly string[] => {
  const own = task.references;
  if (own?.sha256 === given?.sha256) return [];
  if (own === undefined) return ["the audit was made without references: leave --references out"];
  const what = `${own.count} references of SHA-256 ${own.sha256}`;
  return [
    given === undefined
      ? `made with ${what}: give them with --references`
      : `other references: SHA-256 ${given.sha256}, made with ${what}`,
  ];
};

export const reproduced = (audit: Audit, again: Audit): Verified => {
  const { identity, ...model } = again.model;
  const named: Audit = {
    ...again,
    model: { ...model, ...(audit.model.identity !== undefined && { identity }), name: audit.model.name },
    data: { ...again.data, name: audit.data.name },
  };
  // What auto says when it chooses is no notice of the recipe it chose.
  const differences = differencesOf(audit, named, ["sha256", "version", "notices"]);
  const version = again.version === audit.version ? [] : [`made by backlit ${audit.version}, this is ${again.version}`];
  if (differences.length === 0) return { matches: true, lines: [...version, "reproduced to the last digit"] };
  const far = differences.filter(({ relative }) => !(relative !== undefined && relative <= CLOSE));
  if (far.length === 0)
    return {
      matches: true,
      lines: [
        ...version,
        `reproduced: ${differences.length} numbers differ by at most ${CLOSE}, as the last bits do on another machine`,
      ],
    };
  return {
    matches: false,
    lines: [
      ...version,
      `not reproduced: ${far.length} ${far.length === 1 ? "entry differs" : "entries differ"}`,
      ...far.slice(0, SHOWN).map(told),
      ...(far.length > SHOWN ? [`  and ${far.length - SHOWN} more`] : []),
    ],
  };
};

const told = ({ at, here, there }: Difference): string => `  ${at}: ${cut(here)} in the audit, ${cut(there)} now`;
const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
