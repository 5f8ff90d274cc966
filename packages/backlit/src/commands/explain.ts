/** backlit explain: what a model sees in its input. */

import { fail, type Look } from "@backlit/core";
import {
  type ExplainedRow,
  type ExplainResult,
  explainDocument,
  explainFiles,
  explainJob,
  explainReport,
  pairDocument,
  pairFiles,
  pairIn,
  pairJob,
  pairReport,
} from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkOutputs, writeFiles } from "../host/write-files.ts";
import type { Io } from "../io.ts";
import { addChoices, type ChoiceOptions, collect, requestOf } from "../options/choices.ts";
import { GROUP, GROUPS, groupsSaid } from "../options/column-groups.ts";
import { addConditions, type ConditionOptions, readConditions } from "../options/conditions.ts";
import { checkEndings } from "../options/endings.ts";
import { DEVICE, type EngineOptions, THREADS } from "../options/engine.ts";
import { addLook, lookSaid } from "../options/look-options.ts";
import { wholeNumber } from "../options/whole-number.ts";
import { type Register, WHY, working } from "./command.ts";
import { explainFolderIn, isFolder } from "./explain-folder.ts";

interface ExplainOptions extends EngineOptions, ChoiceOptions, ConditionOptions, Look {
  readonly out?: string;
  readonly recursive?: boolean;
  readonly relevance?: string;
  readonly heatmap?: string;
  readonly report?: string;
  readonly spread?: string;
  readonly frames?: string;
  readonly references?: string;
  readonly interactions?: string;
  readonly group?: readonly string[];
  readonly groups?: string;
  readonly charts?: string;
  readonly values?: string;
  readonly seedRng?: number;
  readonly batch?: number;
  readonly ledger?: string | true;
  readonly ordinary?: string;
  readonly grid?: readonly number[];
  readonly perStep?: number | true;
  readonly strict?: boolean;
  readonly consistency?: boolean;
  readonly terminal?: boolean;
  readonly features?: number;
  readonly rows?: number;
  readonly json?: boolean;
  readonly why?: boolean;
  readonly quiet?: boolean;
}

export const explainCommand: Register = (program, io, exit) => {
  const command = program
    .command("explain")
    .description("explain what a model sees in its input")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument(
      "[inputs...]",
      "pictures, texts, tables (.csv), .npy or .npz; - reads standard input; several are a batch; or one folder, with --out",
    )
    .optionsGroup("What is explained:")
    .option(
      "--target <class>",
      'top, top:K, an index (i,j for outputs of several axes), a label, "A minus B", value or value:NAME; of places CLASS@pixel:i,j, region:CLASS, CLASS@mask:FILE, CLASS@position:P, CLASS@last, token:TEXT, span:a..b, box:K, box:K.x1; pair:FILE or pair:TEXT compares (pair alone: the two inputs a model reads); repeated: a map each (default: what the output is for, docs/targets.md)',
      collect,
    )
    .option("--seed <seed>", "one, logit, log-odds, half-log-odds, contrastive, or contrastive:LABEL against one class");
  addLook(addConditions(addChoices(command)))
    .optionsGroup("What is written and shown:")
    .option("--layer <value>", "relevance of a value inside the graph too, in --json and .npz (repeatable)", collect)
    .option("--text-pair <text>", "the second text of a pair (repeatable, one for each INPUT)", collect)
    .option(
      "--label <column>",
      "the column of a table that holds what is right, and is left out (default: label, class, target or y)",
    )
    .option("--bytes <file>", "a file's bytes as input (repeatable)", collect)
    .option("--relevance <file>", "write the relevance as .npy, or as .npz with layers and targets")
    .option(
      "--heatmap <file>",
      "write a picture: .png, .svg, .pdf or .html; several inputs, and classes of top:K, are numbered: OUT-1.png, OUT-1-2.png; classes of several --target stand side by side",
    )
    .option("--spread <file>", "write the second map of methods that say how far the first is uncertain: .npy or .png")
    .option("--frames <file>", "write the steps of methods that have some as a film strip: .png")
    .option("--references <file>", "reference inputs: an .npy or a table of several, or a folder of pictures")
    .option("--interactions <file>", "write Shapley interaction values of all pairs of columns, by tree-shap: .npy")
    .option(
      "--charts <file>",
      "charts over a table's rows: OUT.svg becomes OUT-beeswarm.svg, -mean, -rows, -paths, -dependence-1, …",
    )
    .option("--values <file>", "write all values of a table's rows: .csv or .parquet")
    .option(...GROUP, collect)
    .option(...GROUPS)
    .option("--seed-rng <n>", "seed of the random numbers of a method (default: 0)", wholeNumber("seed-rng", 0))
    .option("--batch <n>", "rows in one pass of methods that make many (default: found by trying)", wholeNumber("batch"))
    .option(...THREADS)
    .option(...DEVICE)
    .option("--report <file>", "write one HTML page with all inputs, classes and heatmaps")
    .option("--ledger [file]", "every node's part in the ledger, printed, or as JSON in a file")
    .option(
      "--ordinary <file>",
      "how ordinary each decision is among those of its class: prototypes that concepts --prototypes wrote",
    )
    .option("--per-step [n]", "tokens of span:a..b one by one, a map each (at most 64, or n)", wholeNumber("per-step"))
    .option("--grid <h,w>", "cells of a picture that pair:FILE compares, at most 32,32 (default: 7,7)", gridOf)
    .option("--strict", "fail when the ledger does not add up")
    .option("--consistency", "whether the maps of Deep Taylor add up to the logit and have no negative part")
    .option("--terminal", "draw the heatmap in the terminal; one with 24-bit colours gets it anyway")
    .option("--features <n>", "features of a table shown at most", wholeNumber("features"))
    .option("--rows <n>", "rows of an INPUT of many shown one by one at most (default: 20); charts show all", wholeNumber("rows"))
    .option("--out <folder>", "of a folder as INPUT: a map of every file, named as it is, and index.html; a stopped run goes on")
    .option("--recursive", "folders below the INPUT too")
    .option("--why", WHY)
    .option("--json", "one JSON document on stdout")
    .option("--quiet", "no report, notices and progress: only files, --json and errors")
    .action(async (model: string, files: string[], options: ExplainOptions) => {
      checkUsage(files, options);
      if (await isFolder(files)) return explainFolderIn({ model, folder: files[0]!, options }, io, exit);
      if (options.out !== undefined || options.recursive)
        throw fail("Usage", { what: options.recursive ? "--recursive" : "--out", fix: "it goes with one folder as INPUT" });
      return working(io, { ...options, why: options.why ?? false }, async (voice, context) => {
        const { relevance, heatmap, report, ledger, spread, frames, interactions, charts, values } = options;
        const wanted = [relevance, heatmap, report, ledger, spread, frames, interactions, charts, values].filter(
          (path) => typeof path === "string",
        );
        await checkOutputs(wanted, files);
        const request = await requestOf(model, options, context);
        const { references, seedRng: random, batch, strict, consistency } = options;
        const { perStep, ordinary } = options;
        const conditions = readConditions(options);
        const look = lookSaid(options);
        const other = pairIn(options.target);
        if (options.grid && other === undefined)
          throw fail("Usage", { what: "--grid", why: "it is the cells of pairs", fix: "it goes with --target pair:FILE" });
        if (other !== undefined) {
          checkPair(options);
          const result = await pairJob(
            { ...request, inputs: files, ...(options.grid && { grid: options.grid }) },
            other,
            context,
          );
          const { pictures } = context.host;
          const outputs = await pairFiles(result, options, { pictures, note: voice.note });
          await checkOutputs(
            outputs.map(({ path }) => path),
            [...files, ...(other === "" ? [] : [other])],
          );
          await writeFiles(outputs);
          voice.tell();
          if (options.json) sayJson(io, pairDocument(result, voice.notices));
          else if (!options.quiet) say(io, result, pairReport);
          return;
        }
        const result = await explainJob(
          {
            ...request,
            inputs: files,
            ...(references !== undefined && { references }),
            ...groupsSaid(options),
            ...(random !== undefined && { random }),
            ...(batch !== undefined && { batch }),
            ...(ledger !== undefined && { ledger: true }),
            ...conditions,
            ...(ordinary !== undefined && { ordinary }),
            ...(Object.keys(look).length > 0 && { look }),
            ...(perStep !== undefined && { perStep }),
            ...(strict && { strict }),
            ...(consistency && { consistency }),
            wanted: (["spread", "frames", "interactions"] as const).filter((map) => options[map] !== undefined),
          },
          context,
        );
        voice.progress("writing");
        const { pictures } = context.host;
        const outputs = await explainFiles(result, options, { pictures, note: voice.note });
        await checkOutputs(
          outputs.map(({ path }) => path),
          [...result.model.files, ...files],
        );
        await writeFiles(outputs);
        voice.tell();
        if (options.json) sayJson(io, explainDocument(result, options, voice.notices));
        else if (!options.quiet) sayExplained(result, options, io);
      });
    });
};

/** `7`, `7,10`; the bounds are the compiler's to say. Throws Usage. */
const gridOf = (text: string): readonly number[] => {
  if (/^\d{1,6}([,x]\d{1,6})?$/.test(text)) return text.split(/[,x]/).map(Number);
  throw fail("Usage", { what: `--grid ${text}`, fix: "give rows and columns, as in 7,7, at most 32,32" });
};

/** Throws Usage for options that say nothing of pairs. */
const checkPair = (options: ExplainOptions): void => {
  const { relevance } = options;
  const given = [...NOT_OF_PAIRS, ...Object.keys(lookSaid(options))].find(
    (name) => options[name as keyof ExplainOptions] !== undefined,
  );
  if (given !== undefined)
    throw fail("Usage", {
      what: `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} with a pair`,
      why: "pairs of parts of two inputs are explained, which have no map like others",
      fix: "leave it out",
    });
  if (relevance !== undefined && !/\.npy$/i.test(relevance))
    throw fail("Usage", { what: `--relevance ${relevance}`, why: "pairs are one array", fix: "name a file that ends in .npy" });
};

const NOT_OF_PAIRS = [
  ...[
    "spread",
    "frames",
    "interactions",
    "ledger",
    "strict",
    "consistency",
    "perStep",
    "leastScore",
    "overlap",
    "anchors",
    "boxDecoder",
  ],
  ...["layer", "seed", "references", "group", "groups", "terminal", "condition", "ordinary"],
] as const;

/** Texts keep their lines: how they are drawn is their view's care. */
const sayExplained = (result: ExplainResult, options: ExplainOptions, io: Io): void => {
  const { v: _, output: __, reading: ___, ...told } = result;
  const { terminal = false } = options;
  const withText = (row: ExplainedRow, i: number): ExplainedRow => {
    const { text } = result.rows[i]!.sample;
    return text === undefined ? row : { ...row, sample: { ...row.sample, text } };
  };
  say(io, told, (shown) => explainReport({ ...shown, rows: shown.rows.map(withText) }, { files: options, terminal }, io));
};

const checkUsage = (files: readonly string[], options: ExplainOptions): void => {
  const { input, bytes, target } = options;
  if (files.length === 0 && !input && !bytes)
    throw fail("Usage", { what: "no INPUT", fix: "give a picture, a text, a table, an .npy or an .npz" });
  if (target?.includes("input")) throw fail("Usage", { what: "--target input", fix: "it goes with compile; give the class" });
  checkEndings(options);
};
