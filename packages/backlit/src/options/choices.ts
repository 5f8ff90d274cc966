/** What every command that plans an explanation lets the user choose, and its way from options to a request. */
import { compiledCards, composites, fail, METHODS, methodCards, type ReadingOptions, type Recipe } from "@backlit/core";
import {
  type ChoiceRequest,
  checkSet,
  choice,
  type InputsRequest,
  type JobContext,
  known,
  literal,
  type ModelRequest,
  passesCard,
  readRecipe,
} from "@backlit/workbench";
import { type Command, Option } from "commander";
import { ALLOWANCES, readAllowed } from "./allowed.ts";
import { addDetector, type DetectorChoices, detectorSaid } from "./detector-options.ts";
import { addPictures, type PictureChoices, picturesSaid } from "./picture-options.ts";
import { addReadingOptions, type ReadingChoices, readingSaid } from "./reading-options.ts";
import { wholeNumber } from "./whole-number.ts";

export interface ChoiceOptions extends ReadingChoices, PictureChoices, DetectorChoices {
  readonly method?: string;
  readonly composite?: string;
  readonly recipe?: string;
  readonly target?: readonly string[];
  readonly seed?: string;
  readonly score?: "logit" | "probability";
  readonly output?: string;
  readonly explain?: readonly string[];
  readonly layer?: readonly string[];
  readonly input?: readonly string[];
  readonly textPair?: readonly string[];
  readonly bytes?: readonly string[];
  readonly layout?: string;
  readonly batchAxis?: string;
  readonly channelAxis?: readonly string[];
  readonly dim?: readonly string[];
  readonly hold?: readonly string[];
  readonly float?: boolean;
  readonly allow?: readonly string[];
  readonly labels?: string;
  readonly label?: string;
  readonly textColumns?: readonly string[];
  readonly sampleRate?: number;
  readonly param?: readonly string[];
  readonly set?: readonly string[];
  readonly onUnsupported?: "error" | "detach";
  readonly debug?: boolean;
}

export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const LABELS_HELP =
  "names of the classes: a list as JSON, or one a line, also behind its index (default: beside the model, or in its file)";

/** Of every command that opens a model. */
export const allowHelp = `allow more than usual of ${ALLOWANCES} (repeatable)`;

/** What is said of axes. */
export const addAxes = (command: Command): Command =>
  command
    .option(
      "--layout <axes>",
      "axes of the explained input, one letter each: NHWC, NCL, NLC, NCDHW (default: read from the model)",
    )
    .option("--batch-axis <k>", "the inputs' axis of samples, or none: all rows are one sample (default: read from the model)")
    .option("--channel-axis <value=k>", "the axis of a value that counts channels (repeatable)", collect);

/** `--hold`, as commander's `option` takes it. */
export const HOLD = [
  "--hold <name=value>",
  "hold an input that only sets the model up, e.g. sr=16000 (repeatable)",
  collect,
] as const;

/** What is said of a model, whatever is done with it. */
export const addModelChoices = (command: Command): Command =>
  addAxes(addDetector(addPictures(addReadingOptions(command.optionsGroup("What the model is:")))))
    .option("--labels <file>", LABELS_HELP)
    .option(...SAMPLE_RATE)
    .option("--allow <name=n>", allowHelp, collect)
    .option("--debug", "show where an error was thrown");

export const addChoices = (command: Command): Command =>
  addModelChoices(command)
    .optionsGroup("How it is explained:")
    .option("--method <name>", `attribution method: ${METHODS.join(", ")}; explain also takes those of backlit methods`)
    .option("--composite <name>", `which layer gets which rule: auto, ${Object.keys(composites).join(", ")}`)
    .addOption(
      new Option("--recipe <file>", "all choices from a JSON file; options given beside it win").conflicts([
        "method",
        "composite",
      ]),
    )
    .option(
      "--set <key=value>",
      "parameter of the composite or method, e.g. gamma=0.5, batchnorm=pass, steps=100; backlit methods NAME lists them (repeatable)",
      collect,
    )
    .addOption(new Option("--param <key=value>", "the same as --set").argParser(collect))
    .option("--score <score>", "explain the logit or the probability (default: logit)", choice("score", ["logit", "probability"]))
    .option("--output <value>", "explain this output or value of the graph")
    .option("--explain <value>", "explain onto this input or value of the graph (repeatable)", collect)
    .option("--input <name=file>", "a further input of the model (repeatable)", collect)
    .option("--dim <name=n>", "size of a free dimension (repeatable)", collect)
    .option(
      "--float",
      "take a quantised model for the float model it stands for, its outputs and classes too; of sums over kernels the float32 outputs",
    )
    .option(...HOLD)
    .option(
      "--on-unsupported <what>",
      "at an operator without a rule: error or detach",
      choice("on-unsupported", ["error", "detach"]),
    );

export type ChosenRequest = ModelRequest & ChoiceRequest & InputsRequest & { readonly random?: number };

/** Options, and the recipe file where there is one, as a request; its notices are told. Throws Usage, NotFound, BadRecipe. */
export const requestOf = async (model: string, options: ChoiceOptions, context: JobContext): Promise<ChosenRequest> => {
  const { seed, layer, textPair, bytes } = options;
  const { recipe, target: named, random } = await recipeOf(options, context);
  const target = options.target ?? (named === undefined ? undefined : [named]);
  const inputs = pairs("input", options.input);
  return {
    ...modelRequest(model, options),
    recipe,
    ...(seed !== undefined && { seed }),
    ...(target !== undefined && { target }),
    ...(layer !== undefined && { layers: layer }),
    ...(inputs.length > 0 && { named: inputs }),
    ...(textPair && { textPairs: textPair }),
    ...(bytes && { bytes }),
    ...(random !== undefined && { random }),
  };
};

/** `--sample-rate`, as commander's `option` takes it. */
export const SAMPLE_RATE = [
  "--sample-rate <n>",
  "samples a second that the model hears; sounds are brought to it",
  wholeNumber("sample-rate"),
] as const;

export type ModelOptions = Pick<
  ChoiceOptions,
  | "labels"
  | "label"
  | "textColumns"
  | "sampleRate"
  | "dim"
  | "hold"
  | "float"
  | "allow"
  | "layout"
  | "batchAxis"
  | "channelAxis"
  | keyof ReadingChoices
  | keyof PictureChoices
  | keyof DetectorChoices
>;

/** A model, and what is said of it. Throws Usage. */
export const modelRequest = (model: string, options: ModelOptions): ModelRequest => {
  const { labels, label, textColumns, sampleRate, dim, hold, float, allow } = options;
  const reading = { ...readAxes(options), ...readingSaid(options), ...detectorSaid(options) };
  const preprocess = picturesSaid(options);
  return {
    v: 1,
    model,
    ...(labels !== undefined && { labels }),
    ...(label !== undefined && { label }),
    ...(textColumns !== undefined && { textColumns }),
    ...(sampleRate !== undefined && { sampleRate }),
    ...(dim && { dims: readDims(dim) }),
    ...(hold && { held: readHeld(hold) }),
    ...(Object.keys(reading).length > 0 && { reading }),
    ...(Object.keys(preprocess).length > 0 && { preprocess }),
    ...(float !== undefined && { float }),
    ...(allow && { allowed: readAllowed(allow) }),
  };
};

const recipeOf = async (options: ChoiceOptions, { host, listener }: JobContext) => {
  const { method, composite, score, output, explain, onUnsupported } = options;
  const rules = [method, method?.replace(/^lrp[-_:]/, "")].find((name) => name !== undefined && Object.hasOwn(composites, name));
  if (rules !== undefined && !methodCards.some(({ name }) => name === method))
    throw fail("Usage", { what: `unknown method '${method}'`, fix: `did you mean --composite ${rules}?` });
  known(
    "method",
    method,
    methodCards.map(({ name }) => name),
  );
  known("composite", composite, ["auto", ...Object.keys(composites)]);
  if (composite !== undefined && method !== undefined && method !== "lrp")
    throw fail("Usage", { what: `--composite does not go with --method ${method}`, fix: "composites belong to lrp" });
  const file = options.recipe === undefined ? undefined : await readRecipe(host.files, options.recipe);
  file?.notices.forEach(listener.note);
  const given = [...pairs("param", options.param), ...pairs("set", options.set)];
  checkSet(
    given.map(([key]) => key),
    { ...file?.recipe, ...(method !== undefined && { method }), ...(composite !== undefined && { composite }) },
  );
  const params = { ...file?.recipe.params, ...Object.fromEntries(given.map(([key, value]) => [key, literal(value)])) };
  const recipe: Recipe = {
    ...file?.recipe,
    ...(method !== undefined && { method }),
    ...(composite !== undefined && { composite: { name: composite } }),
    ...(score !== undefined && { score }),
    ...(output !== undefined && { output }),
    ...(explain !== undefined && { explain }),
    ...(Object.keys(params).length > 0 && { params: params as NonNullable<Recipe["params"]> }),
    ...(onUnsupported !== undefined && { onUnsupported }),
  };
  return { recipe, target: file?.target, random: file?.random };
};

/** Throws Usage for methods that are no single pass. */
export const checkOnePass = ({ method }: Recipe = {}): void => {
  if (passesCard(method) === undefined) return;
  throw fail("Usage", {
    what: `--method ${method}`,
    why: "it asks the model more than once, so it is no model of its own",
    fix: `explain runs it; one pass make ${compiledCards.map(({ name }) => name).join(", ")}`,
  });
};

/** `name=value` options. Throws Usage. */
export const pairs = (option: string, given: readonly string[] = []): readonly (readonly [string, string])[] =>
  given.map((text) => {
    const at = text.indexOf("=");
    if (at < 1 || at === text.length - 1)
      throw fail("Usage", { what: `--${option} ${text}`, fix: `write --${option} name=value` });
    return [text.slice(0, at), text.slice(at + 1)];
  });

/** The same with values of one kind: `read` gives undefined for what is none, and `fix` says what is wanted. */
const readPairs = <T>(
  option: string,
  given: readonly string[] | undefined,
  read: (value: string) => T | undefined,
  fix: string,
): Record<string, T> =>
  Object.fromEntries(
    pairs(option, given).map(([name, text]) => {
      const value = read(text);
      if (value === undefined) throw fail("Usage", { what: `--${option} ${name}=${text}`, fix });
      return [name, value];
    }),
  );

export const readDims = (given: readonly string[] | undefined): Record<string, number> =>
  readPairs("dim", given, (text) => (/^[1-9]\d*$/.test(text) ? Number(text) : undefined), "a size is a whole number from 1");

/** What is said of the axes. Throws Usage. */
const readAxes = ({ layout, batchAxis, channelAxis }: ModelOptions): ReadingOptions => {
  const axis = (text: string) => (/^-?\d{1,3}$/.test(text) ? Number(text) : undefined);
  const batch: number | "none" | undefined =
    batchAxis === "none" ? "none" : batchAxis === undefined ? undefined : axis(batchAxis);
  if (batchAxis !== undefined && batch === undefined)
    throw fail("Usage", { what: `--batch-axis ${batchAxis}`, fix: "give an axis counted from 0, or none" });
  const channels = readPairs("channel-axis", channelAxis, axis, "write --channel-axis VALUE=k, k counted from 0");
  return {
    ...(layout !== undefined && { layout }),
    ...(batch !== undefined && { batchAxis: batch }),
    ...(channelAxis !== undefined && { channelAxis: channels }),
  };
};

/** Numbers, with commas between. */
const readHeld = (given: readonly string[] | undefined): Record<string, readonly number[]> => {
  const numbers = (text: string) => text.split(",").map(Number);
  return readPairs("hold", given, (text) => (numbers(text).every(Number.isFinite) ? numbers(text) : undefined), "give numbers");
};
