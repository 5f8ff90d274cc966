/** What the page shows of an explanation: plain data, as a worker's message carries it and a file stores it. */
import type { FloatTensor, Ledger } from "@backlit/core";
import { boxInShares, type RankedClass, titleOf, type ViewData, type Why } from "@backlit/workbench";
import { type Asks, asksOf } from "./asks.ts";

interface ShownClass {
  /** As a target of the next explanation: an index, several (`3,17`), or its words (`box:1`). */
  readonly index: number | string;
  readonly title: string;
  /** Of the model, 0 to 1; absent for numbers that are no classes. */
  readonly probability?: number;
  /** The number itself, where there is no probability. */
  readonly value?: number;
  /** What that is, where it is no number of the output itself. */
  readonly unit?: string;
  /** Of a detection in a picture: left, top, right, bottom, in shares of its sides. */
  readonly box?: NonNullable<RankedClass["box"]>;
  readonly explained: boolean;
}

export interface Shown {
  /** Best first; the explained class is among them. */
  readonly classes: readonly ShownClass[];
  readonly target: string;
  /** What a click into the input asks about, where it has places to ask about. */
  readonly asks?: Asks;
  /** Absent for kinds that are drawn as SVG only. */
  readonly drawn?: ViewData;
  readonly svg?: string;
  /** In the shape of the input, without its batch. */
  readonly relevance: FloatTensor;
  readonly recipe: Why["recipe"];
  readonly hash: string;
  /** Explained rows of a table, where there are several. */
  readonly rows?: number;
  /** Explained pictures of one input, where there are several. */
  readonly pictures?: number;
  /** What must be said before anybody looks at the map. */
  readonly note?: string;
  readonly notices: readonly string[];
  /** Nothing is to be coloured; the note says why. */
  readonly empty?: true;
  /** From what WebAssembly computes, as a share of the largest |R|: of engines that are checked against it. */
  readonly difference?: number;
  /** Where relevance was kept or lost, of layer-wise relevance propagation. */
  readonly ledger?: Ledger;
}

/** One map of an explanation as the page shows it. */
export const shownOf = async (why: Why): Promise<Shown> => {
  const view = why.view();
  const drawn = view.data?.();
  const svg = drawn === undefined ? await view.svg() : undefined;
  const { target, prediction } = why;
  const listed = prediction.some(({ index }) => index === target.index) ? prediction : [...prediction, target];
  const asks = asksOf(why);
  return {
    classes: listed.map((one) => classOf(one, one.index === target.index, drawn)),
    target: titleOf(target),
    ...(asks && { asks }),
    ...(drawn && { drawn }),
    ...(svg !== undefined && { svg }),
    relevance: { ...why.relevance, data: why.relevance.data.slice() },
    recipe: why.recipe,
    hash: why.hash,
    ...(why.note !== undefined && { note: why.note }),
    notices: why.notices,
    ...(why.ledger && { ledger: why.ledger }),
    ...(why.relevance.data.every((value) => value === 0 || Number.isNaN(value)) && { empty: true }),
  };
};

const classOf = (one: RankedClass, explained: boolean, drawn: ViewData | undefined): ShownClass => {
  const value = one.value ?? one.logit;
  return {
    index: one.target ?? one.index,
    title: titleOf(one),
    ...(one.probability !== undefined && { probability: one.probability }),
    ...(one.probability === undefined && value !== undefined && { value }),
    ...(one.unit !== undefined && { unit: one.unit }),
    ...(one.box && drawn?.kind === "picture" && { box: boxInShares(one.box, drawn.plane) }),
    explained,
  };
};
