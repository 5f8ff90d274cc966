/**
 * The proof of an artefact: the outputs it has in common with the model are the same when both are run. On the sample the model was
 * traced with, on noise, and on what tracing feeds where there is neither.
 */
import type { Compiled } from "../compile/index.ts";
import { fail, isBacklitError } from "../errors.ts";
import { type Graph, graphOf } from "../graph/graph.ts";
import { randomValues } from "../graph/random-values.ts";
import { feedsOf, firstSizes, type SizeOptions, sampleFeeds } from "../graph/sizes.ts";
import { isOtherFloat } from "../lower/half/types.ts";
import { DataType, type ModelProto, tensorType } from "../onnx/index.ts";
import type { Session } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { apartNotice, differenceOf, relativeError } from "./difference.ts";
import type { LoadedModel } from "./loaded.ts";
import { fetching } from "./promote.ts";

export interface CheckAsked {
  /** The model as its file has it. */
  readonly file: ModelProto;
  readonly compiled: Compiled;
  readonly original: Session;
  readonly artefact: Session;
}

/** Notices: by how much a quantised model and its floats differ. Errors: Mismatch where an output differs; Runtime where the artefact does not run on what the model takes. */
export const checkArtefact = async (lit: LoadedModel, asked: CheckAsked): Promise<readonly string[]> => {
  const { file, compiled, original, artefact } = asked;
  const graph = graphOf({ ...file, graph: { ...file.graph, input: ownInputs(file, compiled.model) } });
  const random = randomValues(file.graph);
  const names = original.outputNames.filter((name) => artefact.outputNames.includes(name));
  const coarse = computesInHalf(file);
  const quantised = lit.facts.quantised !== undefined && !lit.facts.double;
  let apart: readonly string[] | undefined;
  for (const { feeds, even } of trials(graph, lit.options)) {
    const given = within(feeds, original.inputNames);
    const want = await original.run(given, names).catch(() => undefined);
    if (want === undefined) continue; // a model may not take noise, or zeros
    const extra = await addedFeeds(lit, asked, feeds, want);
    const got = await artefact.run({ ...within(feeds, artefact.inputNames), ...extra }, names).catch((cause: unknown) => {
      throw fail(
        "Runtime",
        {
          what: "the artefact does not run where the model does",
          why: isBacklitError(cause) ? cause.message : String(cause),
          fix: "please report it; --no-check writes it all the same",
        },
        cause,
      );
    });
    const floats = lit.facts.double ? await floatsOf(lit, feeds) : {};
    for (const name of names) {
      const noise = floats[name] === undefined ? 0 : noiseOf(got[name]!, floats[name]);
      const allowed = { random: random.has(name), coarse, even, exact: quantised && !coarse, noise };
      const why = differenceOf(want[name]!, got[name]!, allowed);
      if (why !== undefined)
        throw fail("Mismatch", {
          what: "the artefact does not compute what the model does",
          where: `output '${name}'`,
          why,
          fix: "please report it; --no-check writes it all the same",
        });
    }
    if (quantised) apart ??= await apartFrom(lit, feeds, want, compiled.plan.output);
  }
  return apart ?? [];
};

const apartFrom = async (
  lit: LoadedModel,
  feeds: Readonly<Record<string, Tensor>>,
  want: Readonly<Record<string, Tensor>>,
  output: string,
): Promise<readonly string[]> => apartNotice(want[output], (await floatsOf(lit, feeds))[output]);

/** What the floats make of it, where the outputs are computed in another way. */
const floatsOf = async (lit: LoadedModel, feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> => {
  const session = await lit.session("floats", () => lit.model);
  return session.run(lit.feeds(within(feeds, session.inputNames)));
};

const noiseOf = (exact: Tensor, floats: Tensor): number =>
  exact.type === "float32" && floats.type === "float32" && exact.data.length === floats.data.length
    ? relativeError(exact.data as Float32Array, floats.data as Float32Array)
    : 0;

/** Inputs of the file, at the sizes that the artefact takes. */
const ownInputs = (file: ModelProto, artefact: ModelProto): ModelProto["graph"]["input"] => {
  const taken = new Map(artefact.graph.input.map((input) => [input.name, input]));
  return file.graph.input.map((input) => taken.get(input.name) ?? input);
};

interface Trial {
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** The same number everywhere: classes may tie. */
  readonly even: boolean;
}

const trials = (graph: Graph, { dims, sample }: SizeOptions): readonly Trial[] => {
  const sizes = firstSizes(graph, { ...(dims && { dims }), ...(sample && { sample }) });
  const own = sampleFeeds(graph, sizes, sample);
  const noise = feedsOf(graph, sizes, { low: -2, high: 2 }, sample);
  return [
    ...(own ? [{ feeds: own, even: false }] : []),
    { feeds: noise, even: false },
    ...(own ? [] : ([0, 1] as const).map((fill) => ({ feeds: feedsOf(graph, sizes, fill, sample), even: true }))),
  ];
};

const within = (feeds: Readonly<Record<string, Tensor>>, names: readonly string[]): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(feeds).filter(([name]) => names.includes(name)));

/** What the artefact takes beside the model's inputs: class 0, a seed, references and masks of zeros. */
const addedFeeds = async (
  lit: LoadedModel,
  { file, compiled }: CheckAsked,
  feeds: Readonly<Record<string, Tensor>>,
  outputs: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Tensor>> => {
  const { names, plan, model } = compiled;
  const own = new Set(file.graph.input.map(({ name }) => name));
  const added = model.graph.input.filter(({ name }) => !own.has(name));
  if (added.length === 0) return {};
  const start = outputs[plan.start]?.dims ?? (await insideDims(lit, plan.start, feeds));
  const batch = plan.batchAxis === undefined ? 1 : (start[plan.batchAxis] ?? 1);
  const dimsOf = async (name: string): Promise<readonly number[]> => {
    if (name === names.seedInput) return start;
    const value = Object.entries(names.references ?? {}).find(([, port]) => port === name)?.[0];
    if (value !== undefined) return feeds[value]?.dims ?? insideDims(lit, value, feeds);
    const declared = added.find((input) => input.name === name)!.type?.tensorType?.shape ?? [];
    const mask = Object.values(names.masks ?? {}).includes(name);
    return declared.map((dim) => dim.value ?? (mask ? 1 : batch)); // a mask broadcasts
  };
  const made: Record<string, Tensor> = {};
  for (const { name, type } of added) {
    const dims = await dimsOf(name);
    const length = dims.reduce((a, b) => a * b, 1);
    const whole = type?.tensorType?.elemType === DataType.INT64;
    made[name] = {
      type: tensorType(type?.tensorType?.elemType ?? 1),
      dims,
      data: whole ? new BigInt64Array(length) : new Float32Array(length),
    };
  }
  return made;
};

const insideDims = async (
  lit: LoadedModel,
  name: string,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<readonly number[]> => {
  const session = await lit.session(`inside:${name}`, () => fetching(lit.model, [name]));
  return (await session.run(lit.feeds(within(feeds, session.inputNames)), [name]))[name]!.dims;
};

const computesInHalf = (file: ModelProto): boolean =>
  [
    ...file.graph.initializer.map(({ dataType }) => dataType),
    ...file.graph.input.map(({ type }) => type?.tensorType?.elemType),
  ].some((type) => isOtherFloat(type) && type !== DataType.DOUBLE);
