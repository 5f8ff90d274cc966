/** Whether decisions are ordinary: prototypes as `concepts --prototypes` writes them, asked about an explanation. */
import { type ChannelTable, type Explainer, type Explanation, fail, judgeDecision, type Recipe, shares } from "@backlit/core";
import { type Files, textIn } from "../../host/files.ts";
import type { ExplainedRow } from "../../rows/explained.ts";
import type { Ordinary } from "../../rows/ordinary.ts";
import type { ConceptsDocument } from "../concepts/run.ts";
import type { ChoiceRequest, JobContext } from "../request.ts";

type PrototypesFile = ConceptsDocument & Required<Pick<ConceptsDocument, "prototypes">>;

const FIX = "write one: backlit concepts … --prototypes -o FILE";

/** Errors: NotFound; BadInput for other files. */
export const readPrototypes = async (files: Files, path: string): Promise<PrototypesFile> => {
  const text = await textIn(files, path);
  if (text === undefined) throw fail("NotFound", { what: "no prototypes", where: path, why: "no such file", fix: FIX });
  try {
    const json = JSON.parse(text) as PrototypesFile;
    if (json.concepts === 1 && json.prototypes !== undefined) return json;
  } catch {}
  throw fail("BadInput", { what: "no prototypes", where: path, fix: FIX });
};

/** The request with the recipe of its prototypes, where nobody chose another. Errors: those of reading them. */
export const recipeOf = async <R extends Pick<ChoiceRequest, "recipe" | "seed">>(
  request: R,
  path: string,
  { host }: JobContext,
): Promise<R> => {
  if (request.seed !== undefined || Object.keys(request.recipe ?? {}).length > 0) return request;
  return { ...request, recipe: (await readPrototypes(host.files, path)).recipe as Recipe };
};

/** Prototypes of a model that is open: whose channels to ask for, and what is said of rows then. Errors: those of reading; BadInput for another model or recipe. */
export const comparing = async (lit: Explainer, path: string, { host, listener }: JobContext) => {
  const file = await readPrototypes(host.files, path);
  const told = new Set<string>();
  const note = (text: string) => {
    if (!told.has(text)) listener.note(text);
    told.add(text);
  };
  return {
    values: Object.keys(file.prototypes),
    judged: async (rows: readonly ExplainedRow[], { channels, hash }: Explanation): Promise<readonly ExplainedRow[]> => {
      await checkComparable(lit, file, hash);
      return withOrdinary(rows, channels!, file, note);
    },
  };
};

/** Channels of one model under one recipe are compared. Errors: BadInput. */
export const checkComparable = async (
  lit: Explainer,
  { model, hash: made, values }: PrototypesFile,
  hash: string,
): Promise<void> => {
  if (model.identity !== (await lit.identity))
    throw fail("BadInput", {
      what: `prototypes of ${model.name}`,
      why: "they were made with another model",
      fix: "run concepts with this one",
    });
  if (hash !== made)
    throw fail("BadInput", {
      what: `prototypes of recipe ${made.slice(0, 12)}`,
      where: Object.keys(values).join(", "),
      why: `this is recipe ${hash.slice(0, 12)}: its channels have other shares`,
      fix: "leave the recipe out, or run concepts with it",
    });
};

const TOLD = 5;

/** The rows with what the prototypes say of each map. `note`: of classes that have none. */
const withOrdinary = (
  rows: readonly ExplainedRow[],
  channels: Readonly<Record<string, ChannelTable>>,
  { prototypes, samples }: PrototypesFile,
  note: (text: string) => void,
): readonly ExplainedRow[] => {
  const perRow = rows[0]?.maps.length ?? 1;
  return rows.map((row, n) => ({
    ...row,
    maps: row.maps.map((map, k) => {
      const name = String(map.target.index);
      const ordinary = Object.entries(prototypes).flatMap(([value, classes]): readonly Ordinary[] => {
        const own = classes[name];
        if (own === undefined) {
          note(`no prototypes of ${map.target.label ?? `class ${name}`} at '${value}': it has fewer than 2 samples`);
          return [];
        }
        const { dims, relevance } = channels[value]!;
        const width = dims.at(-1)!;
        const from = (n * perRow + k) * width;
        const vector = shares(relevance.sum.subarray(from, from + width), width);
        const { logLikelihood, percentile, component, difference, deviations } = judgeDecision(own, vector);
        const far = [...deviations.keys()].sort((a, b) => Math.abs(deviations[b]!) - Math.abs(deviations[a]!) || a - b);
        const sample = own.nearest[component]!;
        return [
          {
            ...{ value, logLikelihood },
            ...(percentile !== undefined && { percentile }),
            samples: own.samples.length,
            prototype: { sample, name: samples[sample]!.name },
            unusual: far.slice(0, TOLD).map((channel) => ({
              channel,
              share: vector[channel]!,
              usual: vector[channel]! - difference[channel]!,
              deviations: deviations[channel]!,
            })),
          },
        ];
      });
      return { ...map, ordinary };
    }),
  }));
};
