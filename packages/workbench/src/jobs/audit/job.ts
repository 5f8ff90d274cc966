/** The jobs `audit` and `verify`: one page for a reviewer, and whether such a page can be believed. */
import type { FloatTensor } from "@backlit/core";
import { baseName } from "../../host/files.ts";
import { referencesFor } from "../evaluate/references.ts";
import { type JudgeRequest, openSession } from "../evaluate/session.ts";
import { choicesOf, saidByKind } from "../prepare.ts";
import type { ChoiceRequest, JobContext } from "../request.ts";
import type { Audit } from "./document.ts";
import { type Asked, audited, referencesIdentity } from "./run.ts";
import { askedAgain, readAudit, reproduced, sameFiles, sameReferences, sealed, type Verified } from "./verify.ts";

export interface AuditRequest extends JudgeRequest, Omit<ChoiceRequest, "target"> {
  /** What the method is called in the audit. */
  readonly name: string;
  /** Seed of the random numbers: the method's own, and that of the metrics. */
  readonly random?: number;
  readonly seedRng?: number;
  /** An array of reference inputs, or a folder of pictures. */
  readonly references?: string;
  /** What stands in for removed values. */
  readonly imputers?: readonly string[];
}

/** Errors: those of `evaluate` and `explain`. */
export const auditJob = async (request: AuditRequest, context: JobContext): Promise<Audit> => {
  await using session = await openSession(request, context);
  const { target, limit, seedRng = 0, random, imputers, dims, name } = request;
  const { recipe, seed, layers } = request;
  const asks = { ...(recipe && { recipe }), ...(seed !== undefined && { seed }), ...(layers && { layers }) };
  const { target: _, ...choices } = choicesOf(asks, session.bundle);
  const { preprocess } = saidByKind(request, session.bundle);
  const references = await referencesFor(context.host, settled(request), session, [choices]);
  const asked: Asked = {
    choices: { ...choices, ...(random !== undefined && { random }) },
    name,
    target: target ?? "top",
    ...(limit !== undefined && { limit }),
    seed: seedRng,
    dims: dims ?? {},
    ...(preprocess && { preprocess }),
    ...(imputers !== undefined && { imputers }),
    ...(references && { references }),
  };
  return await audited(session, asked, context);
};

const settled = ({ references, reading, imputers }: AuditRequest) => ({
  ...(references !== undefined && { references }),
  ...(reading && { reading }),
  ...(imputers && { settings: { imputers } }),
});

export interface VerifyRequest extends Partial<JudgeRequest> {
  readonly v: 1;
  /** A report (.html) or its JSON. */
  readonly audit: string;
  readonly references?: string;
}

/** Is an audit whole, and, where model and data are given, does it come out again? Errors: NotFound, BadInput, those of `audit`. */
export const verifyJob = async (request: VerifyRequest, context: JobContext): Promise<Verified> => {
  const { host } = context;
  const read = await readAudit(host.files, request.audit);
  const whole = await sealed(read);
  const { model, data, references: path, workers, allowed, labels } = request;
  if (!whole.matches || model === undefined || data === undefined) return whole;
  const { audit } = read;
  const asked = askedAgain(audit);
  const again: JudgeRequest = {
    ...{ v: 1, model, data, target: asked.target, dims: asked.dims ?? {} },
    ...(asked.limit !== undefined && { limit: asked.limit }),
    ...(asked.preprocess && { preprocess: asked.preprocess }),
    ...(audit.task.detector && { reading: audit.task.detector }),
    ...(allowed && { allowed }),
    ...(labels !== undefined && { labels }),
    ...(workers !== undefined && { workers }),
  };
  await using session = await openSession(again, context);
  const others = await sameFiles(audit, await session.lits[0]!.identity, session.data.sha256);
  if (others.length > 0) return { matches: false, lines: [...whole.lines, ...others] };
  let references: FloatTensor | undefined;
  if (path !== undefined) references = await referencesFor(host, { references: path }, session, [asked.choices]);
  const strangers = sameReferences(audit, references && (await referencesIdentity(references)));
  if (strangers.length > 0) return { matches: false, lines: [...whole.lines, ...strangers] };
  const { matches, lines } = reproduced(audit, await audited(session, { ...asked, ...(references && { references }) }, context));
  return { matches, lines: [...whole.lines, ...lines] };
};

/** "recipe" of recipe.json; the composite or method; auto. */
export const nameOf = ({ recipe, composite, method }: { recipe?: string; composite?: string; method?: string }): string =>
  recipe === undefined ? (composite ?? method ?? "auto") : baseName(recipe).replace(/\.json$/i, "");
