/** An audit of one model, one method, one set of data. */
import {
  type Choices,
  canonicalJson,
  checkedSettings,
  checkParameters,
  detectorSaid,
  type EvaluatedSample,
  type EvaluationSetting,
  type FloatTensor,
  type Ledger,
  type MethodCard,
  methodCards,
  type SettingChoice,
  sha256,
  VERSION,
} from "@backlit/core";

import type { JudgingSession } from "../evaluate/session.ts";
import { usualImputers } from "../evaluate/usual-imputers.ts";
import type { JobContext } from "../request.ts";
import { passesCard } from "../unread.ts";
import { checksOf } from "./checks.ts";
import type { Audit, AuditTask } from "./document.ts";
import { identityOf } from "./identity.ts";
import { ledgerStatistics, ledgersOf } from "./ledger.ts";
import { limitsOf } from "./limits.ts";
import { surveyed } from "./preflight.ts";
import { FAITHFULNESS, scored } from "./scores.ts";
import { rounded, sealOf } from "./seal.ts";

export interface Asked {
  /** The method: composite or rules, params, seed, score, what is explained. */
  readonly choices: Choices;
  /** Its name for the reader. */
  readonly name: string;
  readonly target: AuditTask["target"];
  readonly limit?: number;
  /** The seed of the random numbers. */
  readonly seed: number;
  readonly imputers?: readonly string[];
  readonly dims?: AuditTask["dims"];
  readonly preprocess?: AuditTask["preprocess"];
  readonly references?: FloatTensor;
  /** When verifying: the settings recorded in the audit, in place of new ones. */
  readonly settings?: readonly EvaluationSetting[];
}

/** Errors: those of `evaluate` and `explain`. */
export const audited = async (session: JudgingSession, asked: Asked, { listener, signal }: JobContext): Promise<Audit> => {
  const { bundle, data, lits, range, targetFiles } = session;
  const [lit] = lits;
  const { name, limit, seed, dims, preprocess, references } = asked;
  const judged = lit!.settled({ ...asked.choices, ...(session.target !== undefined && { target: session.target }) });
  const taken = lit!.automatic({ ...judged, ...(references && { references }) });
  const { references: _references, target, ...others } = taken.choices;
  const words = target as string | number | undefined; // a sample is judged by one score
  const rival = lit!.against({ ...others, target: words });
  // A minus B is a seed of one pass; methods that ask read it from the target.
  const choices: Choices = rival === undefined || passesCard(others.method) ? others : { ...others, seed: { contrast: rival } };
  const { explain, output } = choices;
  // What a target's words alone say is explained: a detector's scores.
  const start = lit!.outputOf({ ...choices, ...(words !== undefined && { target: words }) });
  const { planned: written, many } = surveyed(lit!, { ...choices, ...(start !== undefined && { output: start }) });
  // From the resolved recipe, as whoever does it again has it.
  const resolved: Choices = many ? choices : JSON.parse(canonicalJson(written.plan.recipe));
  const { preflight, planned } = surveyed(lit!, resolved);
  const { plan } = planned;
  const card = methodCards.find((one) => one.name === (many ? choices.method : plan.recipe.method));
  const fill = {
    data,
    explained: plan.explained,
    asked: { ...(explain && { explain }), ...(output && { output }) },
    references,
    note: listener.note,
  };
  const imputers = asked.imputers ?? (asked.settings ? [] : await usualImputers(lit!, fill));
  const settings = asked.settings ?? settingsOf({ ...asked, choices }, card, imputers);
  // Nodes without a rule are a check of their own, and need no notice.
  const usable: Choices = preflight.unsupported.length > 0 && !many ? { ...resolved, onUnsupported: "detach" } : resolved;
  const { target: _target, ...options } = usable;
  const found = await scored(
    lits,
    {
      ...{ model: bundle.name, data, seed },
      ...(signal && { signal }),
      ...(range && { range }),
      ...(references && { references }),
      ...(explain && { explain }),
      ...(session.target !== undefined && words !== undefined && { target: words }),
      ...(targetFiles && { targetFiles }),
      ...(output && { output }),
      onProgress: (done, total) => listener.working(`measuring, ${done} of ${total} parts`),
    },
    { name, options },
    settings,
  );
  const aims = found.samples.flatMap(({ aim }) => aim ?? []);
  // Places are found again, in the same samples.
  const { output: _start, ...whole } = usable;
  const places = { ...whole, ...(output && { output }), ...(targetFiles && { targetFiles }) };
  const lrp = !many && plan.recipe.method === "lrp";
  const ledgers: readonly Ledger[] = lrp
    ? await ledgersOf(
        lit!,
        data,
        aims.length > 0 ? places : usable,
        aims.length > 0 ? words : found.samples.map(({ target }) => target),
        {
          ...(signal && { signal }),
          onSamples: (done) => listener.working(`reading ledgers, ${done} of ${data.count}`),
        },
      )
    : [];
  const ledger = lrp ? ledgerStatistics(ledgers) : undefined;
  const detector = detectorSaid(bundle.reading);
  const task: AuditTask = {
    target: asked.target,
    ...(asked.target === "top" && aims.length > 0 && { found: [...new Set(aims)] }),
    ...(limit !== undefined && { limit }),
    seed,
    settings,
    ...(explain && { explain: [explain].flat() }),
    ...(output && { output }),
    ...(dims && Object.keys(dims).length > 0 && { dims }),
    ...(preprocess && { preprocess }),
    ...(detector && { detector }),
    ...(references && { references: await referencesIdentity(references) }),
  };
  const right = asked.target === "top" && aims.length === 0 ? rightOf(found.samples, bundle.labels) : undefined;
  const shared = { card, preflight, scores: found.scores };
  const classes = lit!.facts.shapes.get(plan.start)?.at(plan.reading.classAxis ?? -1) ?? 2;
  const content = rounded({
    audit: 1 as const,
    version: VERSION,
    model: await identityOf(bundle, lit!),
    data: { name: data.name, sha256: data.sha256, samples: data.count },
    method: { name, recipe: found.recipe, hash: found.hash },
    task,
    preflight,
    ...(ledger && { ledger }),
    scores: found.scores,
    checks: checksOf({ ...shared, many, refused: found.refused, classes, ...(ledger && { ledger }) }),
    limits: limitsOf({ ...shared, task, samples: data.count, ...(right && { right }) }),
    notices: [...new Set([...bundle.notices, ...taken.notices, ...(many ? [] : written.notices), ...found.notices])],
  });
  return { ...content, sha256: await sealOf(content) };
};

/** How many, and which: an audit is verified with the same. */
export const referencesIdentity = async ({ dims, data }: FloatTensor) => ({
  count: dims[0]!,
  sha256: await sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
});

/** The metrics: faithfulness by each imputer first, then what the method's card lets ask. */
const settingsOf = (
  { choices }: Asked,
  card: MethodCard | undefined,
  imputers: readonly string[],
): readonly EvaluationSetting[] => {
  const baseline = card?.conserves.startsWith("f(x) − f(baseline)") ? baselineOf(choices, card) : undefined;
  return checkedSettings([
    ...imputers.map((imputer): SettingChoice => ({ metric: FAITHFULNESS, params: { imputer } })),
    ...(baseline === undefined
      ? []
      : [{ metric: "completeness", params: { baseline, score: choices.score === "probability" ? "probability" : "logit" } }]),
    // All layers at once, two random models.
    { metric: "mprt", params: { steps: 1, draws: 2 } },
    { metric: "random-logit" },
  ]);
};

/** The method's baseline as an imputer; undefined for those that are none. */
const baselineOf = ({ method, params }: Choices, card: MethodCard): string | undefined => {
  const known = passesCard(method) === undefined ? { baseline: 0, ...params } : checkParameters(card, params);
  const value = String(known.baseline ?? "zero");
  if (value === "zero") return value;
  return value !== "" && value.split(",").every((one) => Number.isFinite(Number(one))) ? `constant:${value}` : undefined;
};

const rightOf = (samples: readonly EvaluatedSample[], labels: readonly string[] | undefined) => {
  const known = samples.filter(({ label }) => label !== undefined);
  if (known.length === 0) return undefined;
  const right = known.filter(({ label, target }) => label === labels?.[target.at(-1)!] || label === target.join(","));
  return { share: right.length / known.length, of: known.length };
};
