/**
 * Targets that are more than a class of the whole output: words in, places of each sample out. They are found once, in the values of the
 * samples as they are.
 */
import { fail } from "../../errors.ts";
import { append } from "../../numeric/extremes.ts";
import type { Aim } from "../../oracle/aim.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { isAimList } from "../aim-list.ts";
import type { LoadedModel } from "../loaded.ts";
import type { OutlineAsked } from "../outline.ts";
import { pairOf } from "../target-words.ts";
import type { ExplainOptions } from "../types.ts";
import { answer, answerOf, likeliestAnswer } from "./answer.ts";
import { box, boxOf, usualBox } from "./box.ts";
import { classAim } from "./class.ts";
import type { Request, TargetKind } from "./kind.ts";
import { hasVocabulary, seenOf } from "./language.ts";
import { mask } from "./mask.ts";
import { minusOf } from "./minus.ts";
import { pair } from "./pair.ts";
import { pixel } from "./pixel.ts";
import { region } from "./region.ts";
import { type Scene, type SceneOptions, sceneOf } from "./scene.ts";
import { last, position, span, token, usualPlaceOf } from "./token.ts";
import { isBareWord } from "./token-words.ts";
import { USUAL } from "./usual.ts";

/** Kinds of targets, in the order in which their words are tried. */
const KINDS: readonly TargetKind[] = [pixel, mask, region, position, last, token, span, answer, box, pair];

/** What is explained: K maps, an aim for each sample. */
export interface Aimed extends Pick<Scene, "plan" | "scoring" | "values" | "arrangement" | "sizes" | "options" | "outputs"> {
  readonly rounds: readonly (readonly Aim[])[];
  /** Maps stand along an axis of their own, if only one of them. */
  readonly several: boolean;
  /** Where nobody named a target: what was taken, and why. */
  readonly notice?: string;
}

const readBy = (kinds: readonly TargetKind[], text: string): Request | undefined => {
  for (const kind of kinds) {
    const request = kind.read(text);
    if (request !== undefined) return request;
  }
  return undefined;
};

/** What is known of a model's words. */
interface Words {
  readonly labels?: readonly string[] | undefined;
  /** Whether its classes are tokens, which are named by their text. */
  vocabulary?(): boolean;
}

/** The words of such a target; undefined for classes of the whole output. An exact label wins. Errors: BadTarget. */
const requestOf = (text: unknown, { labels, vocabulary }: Words): Request | undefined => {
  if (typeof text !== "string" || labels?.includes(text)) return undefined;
  const request = readBy([minusOf((side) => readBy(KINDS, side)), ...KINDS], text);
  if (request !== undefined) return request;
  return labels === undefined && (pairOf(text) ?? [text]).every(isBareWord) && vocabulary?.() ? usualPlaceOf(text) : undefined;
};

const isOf = (target: unknown, words: Words): boolean =>
  isAimList(target) ||
  (typeof target === "object" && target !== null && "list" in target
    ? (target.list as readonly unknown[]).some((one) => requestOf(one, words) !== undefined)
    : requestOf(target, words) !== undefined);

/** Whether words name such a target of any model. Errors: BadTarget. */
export const isAimTarget = (target: unknown, labels: readonly string[] | undefined): boolean => isOf(target, { labels });

/** Whether words name such a target of this model. Errors: BadTarget. */
export const namesAim = (lit: LoadedModel, { target, ...asked }: OutlineAsked & { readonly target?: unknown }): boolean =>
  isOf(target, wordsOf(lit, asked));

const wordsOf = (lit: LoadedModel, asked: OutlineAsked): Words => ({
  labels: lit.options.labels,
  vocabulary: () => hasVocabulary(lit, asked),
});

type Asked = SceneOptions & Pick<ExplainOptions, "target" | "seed">;

/** Undefined where classes of the whole output are explained. Errors: BadTarget, and those of a first run. */
export const aimsOf = async (
  lit: LoadedModel,
  x: Tensor | Readonly<Record<string, Tensor>>,
  options: Asked,
): Promise<Aimed | undefined> => {
  const { target, seed } = options;
  if (seed === "vector" || seed === "direction") return undefined;
  if (isAimList(target)) {
    const scene = await sceneOf(lit, x, options);
    if (target.aims.length !== scene.samples && target.aims.length !== 1)
      throw fail("BadTarget", { what: `${target.aims.length} aims for ${scene.samples} samples`, fix: "give one for each" });
    return {
      ...scene,
      rounds: [Array.from({ length: scene.samples }, (_, n) => target.aims[n] ?? target.aims[0]!)],
      several: false,
    };
  }
  if (target === undefined) return usual(lit, x, options);
  const { requests, several } = requestsOf(target, wordsOf(lit, options));
  if (requests.length === 0) return undefined;
  const outputs = [...new Set(requests.flatMap((request) => request.output?.(lit) ?? []))];
  if (outputs.length > 1)
    throw fail("BadTarget", {
      what: `targets of ${outputs.join(" and ")}`,
      why: "one run explains one output",
      fix: "name them in runs of their own",
    });
  const scene = await sceneOf(lit, x, { ...options, ...(outputs.length > 0 && { output: outputs[0]! }) });
  const rounds: (readonly Aim[])[] = [];
  for (const request of requests)
    append(rounds, await (options.perStep && request.perStep ? request.perStep(scene) : request.find(scene)));
  if (seed !== undefined && rounds.some((aims) => aims.some(({ places }) => places.some(({ against }) => against !== undefined))))
    throw fail("BadTarget", {
      what: `target '${target}' with a seed`,
      why: "it says what is explained",
      fix: "leave the seed out",
    });
  const steps = options.perStep !== undefined && options.perStep !== false;
  if (steps && requests.every(({ perStep }) => perStep === undefined))
    throw fail("BadTarget", {
      what: "a map for each step",
      why: "the target has no steps",
      fix: "name several tokens: span:a..b",
    });
  return { ...scene, rounds, several: several || steps };
};

const requestsOf = (
  target: NonNullable<ExplainOptions["target"]>,
  words: Words,
): { readonly requests: readonly Request[]; readonly several: boolean } => {
  if (typeof target === "object" && "list" in target) {
    const list = target.list as readonly (string | number)[];
    const read = list.map((one) => requestOf(one, words));
    if (read.every((one) => one === undefined)) return { requests: [], several: true };
    return { requests: read.map((one, i) => one ?? classAim(list[i]!)), several: true };
  }
  const request = requestOf(target, words);
  return { requests: request === undefined ? [] : [request], several: request?.several === true };
};

/** The value that is explained where that follows from the target's words, or from what the model is: a detector's scores. Errors: BadTarget. */
export const outputOf = (lit: LoadedModel, { target, output }: Pick<Asked, "target" | "output">): string | undefined => {
  if (output !== undefined || isAimList(target) || Array.isArray(target)) return output;
  if (target === undefined) return usualBox(lit)?.value ?? answerOf(lit);
  const [first] = requestsOf(target, wordsOf(lit, {})).requests;
  return first?.output?.(lit);
};

/** What is taken where nobody names a target. */
const usual = async (
  lit: LoadedModel,
  x: Tensor | Readonly<Record<string, Tensor>>,
  options: Asked,
): Promise<Aimed | undefined> => {
  const detector = options.output === undefined ? usualBox(lit) : undefined;
  if (detector !== undefined) {
    const first = boxOf(0);
    const scene = await sceneOf(lit, x, { ...options, output: detector.value });
    const notice = `the first detection is explained: ${detector.why} (--target box:K names another)`;
    return { ...scene, rounds: await first.find(scene), several: false, notice };
  }
  const both = options.output === undefined ? answerOf(lit) : undefined;
  if (both !== undefined) {
    const scene = await sceneOf(lit, x, { ...options, output: both });
    const notice = "the answer's beginning and end are explained together (--target answer:a..b names another span)";
    return { ...scene, rounds: await likeliestAnswer.find(scene), several: false, notice };
  }
  const seen = seenOf(lit, options);
  const asked = USUAL.find(({ is }) => is(seen));
  if (asked === undefined) return undefined;
  const scene = await sceneOf(lit, x, options);
  const { request, why } = asked.take(scene);
  const rounds = await request.find(scene);
  const names = [...new Set(rounds[0]!.map(({ name }) => name))];
  const notice = `${names.slice(0, 4).join(", ")}${names.length > 4 ? ", …" : ""} is explained: ${why} (--target names another)`;
  return { ...scene, rounds, several: false, notice };
};
