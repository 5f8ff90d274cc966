/** Tensors in, tensors out: predictions, relevance beside them where it is wanted. */
import { type Explanation, fail, isBacklitError, type Tensor, tensorType } from "@backlit/core";
import { concatenate, type OpenModel, sentError, type Tensors } from "@backlit/workbench";
import { tensorOptionsOf } from "./choices.ts";
import { typedAs } from "./datatypes.ts";
import type { Asked, InferTask, Results } from "./messages.ts";

/** Names of what explanations add to a model's outputs, as artefacts have them; a name the model has itself gets a line behind it. */
export const addedNames = (lit: OpenModel, explained: readonly string[]) => {
  const own = new Set(lit.bundle.model.graph.output.map(({ name }) => name));
  const free = (name: string): string => (own.has(name) ? free(`${name}_`) : name);
  return {
    relevance: (value: string) => free(explained.length > 1 ? `relevance:${value}` : "relevance"),
    target: free("explained_target"),
  };
};

type Fed = readonly Tensors[];

/** One answer for each of the feeds. What fails as a batch is run one by one, so that nobody pays for another's mistake. */
export const infer = async (
  lit: OpenModel,
  { feeds, outputs, asked }: InferTask,
  signal: AbortSignal,
): Promise<Results["infer"]> => {
  const run = async (fed: Fed) =>
    apart(await answered(lit, fed, { outputs, asked, signal }), fed).map((tensors) => ({ tensors }));
  const alone = async (one: Tensors): Promise<Results["infer"][number]> => {
    try {
      return (await run([one]))[0]!;
    } catch (error) {
      return { error: sentError(error) };
    }
  };
  if (feeds.length === 1) return [await alone(feeds[0]!)];
  try {
    return await run(feeds);
  } catch (error) {
    if (isBacklitError(error, "Aborted")) throw error;
    const all: Results["infer"][number][] = [];
    for (const one of feeds) all.push(await alone(one));
    return all;
  }
};

interface Wanted {
  readonly outputs: readonly string[];
  readonly asked: Asked;
  readonly signal: AbortSignal;
}

const rowsIn = (feeds: Tensors): number => Object.values(feeds)[0]?.dims[0] ?? 1;

const answered = async (lit: OpenModel, fed: Fed, { outputs, asked, signal }: Wanted): Promise<Record<string, Tensor>> => {
  const names = Object.keys(fed[0]!);
  const feeds = Object.fromEntries(names.map((name) => [name, concatenate(fed.map((one) => one[name]!))]));
  const own = new Map(lit.bundle.model.graph.output.map(({ name, type }) => [name, type?.tensorType?.elemType]));
  const all = outputs.every((name) => own.has(name))
    ? await predicted(lit, feeds)
    : explained(lit, await lit.explain(feeds, { ...tensorOptionsOf(asked, lit.bundle), signal, ids: numbered(fed) }));
  return Object.fromEntries(
    outputs.map((name) => {
      const found = all[name];
      if (found === undefined)
        throw fail("BadInput", { what: `no output '${name}'`, fix: `there are ${Object.keys(all).join(", ")}` });
      const type = own.get(name);
      return [name, type === undefined || type === BFLOAT16 ? found : typedAs(found, tensorType(type))];
    }),
  );
};

const BFLOAT16 = 16;

/** Random numbers hang on a row's place in its own request, not on its company. */
const numbered = (fed: Fed): readonly number[] => fed.flatMap((one) => Array.from({ length: rowsIn(one) }, (_, row) => row));

const predicted = async (lit: OpenModel, feeds: Tensors): Promise<Readonly<Record<string, Tensor>>> => {
  const session = await lit.session("predictions", () => lit.model);
  return session.run(lit.feeds(feeds));
};

const explained = (lit: OpenModel, { outputs, relevances, target }: Explanation): Readonly<Record<string, Tensor>> => {
  const values = Object.keys(relevances);
  const names = addedNames(lit, values);
  const classes = target.flat();
  return {
    ...outputs,
    ...Object.fromEntries(values.map((value) => [names.relevance(value), relevances[value]!])),
    [names.target]: {
      type: "int64",
      dims: [target.length, target[0]?.length ?? 1],
      data: BigInt64Array.from(classes, BigInt),
    },
  };
};

/** Rows back to whom they belong to. Errors: Runtime where an output is no list of rows. */
const apart = (all: Record<string, Tensor>, fed: Fed): readonly Tensors[] => {
  if (fed.length === 1) return [all];
  const counts = fed.map(rowsIn);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let from = 0;
  return counts.map((count) => {
    const start = from;
    from += count;
    return Object.fromEntries(Object.entries(all).map(([name, tensor]) => [name, cut(name, tensor, { start, count, total })]));
  });
};

interface Rows {
  readonly start: number;
  readonly count: number;
  readonly total: number;
}

const cut = (name: string, { type, dims, data }: Tensor, { start, count, total }: Rows): Tensor => {
  if (dims[0] !== total) throw fail("Runtime", { what: `output '${name}' has no row for each of the input's` });
  const width = data.length / total;
  return {
    type,
    dims: [count, ...dims.slice(1)],
    data: data.slice(start * width, (start + count) * width) as Tensor["data"],
  };
};
