/** Random tree ensembles for tests, in any of the three operators; and Shapley values by their definition. */
import { randomBy, type Stream } from "../../src/numeric/random.ts";
import { attr } from "../../src/onnx/attributes.ts";
import { type AttributeProto, DataType, type ModelProto } from "../../src/onnx/proto.ts";
import { floatTensor, makeTensor } from "../../src/onnx/tensors.ts";

export interface Wanted {
  readonly op: "TreeEnsembleClassifier" | "TreeEnsembleRegressor" | "TreeEnsemble";
  readonly seed: number;
  readonly features: number;
  readonly trees?: number;
  readonly depth?: number;
  readonly outputs?: number;
  readonly modes?: readonly string[];
  readonly transform?: string;
  readonly aggregate?: "SUM" | "AVERAGE" | "MIN" | "MAX";
  readonly base?: readonly number[];
  /** Some splits send NaN to yes. */
  readonly missing?: boolean;
  /** Weights of class 0 alone, as two classes are often written. */
  readonly oneColumn?: "positive" | "mixed";
}

export const MODES = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];
const AGGREGATES = ["AVERAGE", "SUM", "MIN", "MAX"];
const TRANSFORMS = ["NONE", "LOGISTIC", "SOFTMAX"];

interface Node {
  readonly id: number;
  readonly mode: string;
  readonly feature: number;
  readonly value: number;
  readonly missing: boolean;
  readonly members: readonly number[];
  readonly yes?: Node;
  readonly no?: Node;
  readonly weights: readonly number[];
}

/** Numbers that are often equal, so that == and sets have something to say; whole, as the runtime wants members of sets. */
export const someNumber = (random: Stream): number => random.below(5) - 2;

const grown = (random: Stream, wanted: Wanted, depth: number, next: () => number): Node => {
  const { features, outputs = 1, modes = ["BRANCH_LEQ"], oneColumn } = wanted;
  const weight = () => Math.fround(oneColumn === "positive" ? random.next() / 4 : random.next() * 2 - 1);
  const leaf = depth === 0 || (depth < (wanted.depth ?? 3) && random.below(5) === 0);
  const id = next();
  const weights = leaf ? Array.from({ length: oneColumn ? 1 : outputs }, weight) : [];
  const mode = leaf ? "LEAF" : modes[random.below(modes.length)]!;
  const more = leaf ? {} : { yes: grown(random, wanted, depth - 1, next), no: grown(random, wanted, depth - 1, next) };
  return {
    ...{ id, mode, weights, ...more },
    feature: random.below(features),
    value: someNumber(random),
    missing: wanted.missing === true && random.below(2) === 0,
    members: [someNumber(random), someNumber(random)],
  };
};

const all = (node: Node): readonly Node[] => [node, ...(node.yes ? all(node.yes) : []), ...(node.no ? all(node.no) : [])];

export const randomTrees = (wanted: Wanted): ModelProto => {
  const { op, seed, features, trees = 2, outputs = 1, depth = 3 } = wanted;
  const random = randomBy(seed).stream(7);
  const roots = Array.from({ length: trees }, () => {
    let id = 0;
    return grown(random, wanted, depth, () => id++);
  });
  const attribute = op === "TreeEnsemble" ? current(roots, wanted) : classic(roots, wanted);
  const label = op === "TreeEnsembleClassifier" ? ["label"] : [];
  const info = (name: string, elemType: number, shape: readonly ({ value: number } | { param: string })[]) => ({
    name,
    type: { tensorType: { elemType, shape: [...shape] } },
  });
  const count = op === "TreeEnsembleClassifier" ? Math.max(outputs, 1) : outputs;
  return {
    irVersion: 8,
    opsetImport: [
      { domain: "", version: 18 },
      { domain: "ai.onnx.ml", version: op === "TreeEnsemble" ? 5 : 3 },
    ],
    metadataProps: [],
    functions: [],
    producerName: "test",
    graph: {
      name: "trees",
      node: [{ opType: op, domain: "ai.onnx.ml", name: "trees", input: ["x"], output: [...label, "scores"], attribute }],
      initializer: [],
      input: [info("x", DataType.FLOAT, [{ param: "N" }, { value: features }])],
      output: [
        ...label.map((name) => info(name, DataType.INT64, [{ param: "N" }])),
        info("scores", DataType.FLOAT, [{ param: "N" }, { value: count }]),
      ],
      valueInfo: [],
    },
  } as unknown as ModelProto;
};

const classic = (
  roots: readonly Node[],
  { op, outputs = 1, transform = "NONE", aggregate = "SUM", base, oneColumn }: Wanted,
): AttributeProto[] => {
  const nodes = roots.flatMap((root, tree) => all(root).map((node) => ({ ...node, tree })));
  const ints = (name: string, of: (node: (typeof nodes)[number]) => number) => attr.ints(`nodes_${name}`, nodes.map(of));
  const weights = nodes.flatMap(({ tree, id, weights: own }) => own.map((weight, output) => ({ tree, id, weight, output })));
  const kind = op === "TreeEnsembleClassifier" ? "class" : "target";
  const classes = oneColumn ? 2 : outputs;
  return [
    ints("treeids", ({ tree }) => tree),
    ints("nodeids", ({ id }) => id),
    ints("featureids", ({ feature }) => feature),
    ints("truenodeids", ({ yes }) => yes?.id ?? 0),
    ints("falsenodeids", ({ no }) => no?.id ?? 0),
    ints("missing_value_tracks_true", ({ missing }) => Number(missing)),
    attr.floats(
      "nodes_values",
      nodes.map(({ value }) => value),
    ),
    attr.strings(
      "nodes_modes",
      nodes.map(({ mode }) => mode),
    ),
    attr.ints(
      `${kind}_treeids`,
      weights.map(({ tree }) => tree),
    ),
    attr.ints(
      `${kind}_nodeids`,
      weights.map(({ id }) => id),
    ),
    attr.ints(
      `${kind}_ids`,
      weights.map(({ output }) => output),
    ),
    attr.floats(
      `${kind}_weights`,
      weights.map(({ weight }) => weight),
    ),
    attr.string("post_transform", transform),
    ...(base ? [attr.floats("base_values", base)] : []),
    ...(kind === "class"
      ? [
          attr.ints(
            "classlabels_int64s",
            Array.from({ length: classes }, (_, k) => k),
          ),
        ]
      : [attr.int("n_targets", outputs), attr.string("aggregate_function", aggregate)]),
  ];
};

const current = (roots: readonly Node[], { outputs = 1, transform = "NONE", aggregate = "SUM" }: Wanted): AttributeProto[] => {
  const nodes = roots.flatMap(all);
  const branches = nodes.filter(({ yes }) => yes !== undefined);
  const leaves = nodes.filter(({ yes }) => yes === undefined);
  const place = (node: Node) => (node.yes ? branches.indexOf(node) : leaves.indexOf(node));
  const codes = Uint8Array.from(branches, ({ mode }) => (mode === "MEMBER" ? 6 : MODES.indexOf(mode)));
  const floats = (name: string, data: readonly number[]) => attr.tensor(name, floatTensor(name, [data.length], data));
  const each = (name: string, of: (node: Node) => number) => attr.ints(`nodes_${name}`, branches.map(of));
  const members = branches.flatMap(({ mode, members: set }) => (mode === "MEMBER" ? [...set, Number.NaN] : []));
  return [
    each("featureids", ({ feature }) => feature),
    attr.tensor("nodes_modes", makeTensor("modes", { type: "uint8", dims: [codes.length], data: codes })),
    floats(
      "nodes_splits",
      branches.map(({ value }) => value),
    ),
    each("missing_value_tracks_true", ({ missing }) => Number(missing)),
    each("truenodeids", ({ yes }) => place(yes!)),
    each("falsenodeids", ({ no }) => place(no!)),
    each("trueleafs", ({ yes }) => Number(yes!.yes === undefined)),
    each("falseleafs", ({ no }) => Number(no!.yes === undefined)),
    attr.ints(
      "leaf_targetids",
      leaves.map((_, i) => i % outputs),
    ),
    floats(
      "leaf_weights",
      leaves.map(({ weights }) => weights[0]!),
    ),
    attr.ints(
      "tree_roots",
      roots.map((root) => branches.indexOf(root)),
    ),
    attr.int("n_targets", outputs),
    attr.int("post_transform", TRANSFORMS.indexOf(transform)),
    attr.int("aggregate_function", AGGREGATES.indexOf(aggregate)),
    ...(members.length > 0 ? [floats("membership_values", members)] : []),
  ];
};

/** φ of all players of a game given by its value for each subset (a bit mask): Σ_S |S|! (n−|S|−1)!/n! (v(S ∪ i) − v(S)). */
export const shapleyOf = (players: number, value: (subset: number) => number): number[] => {
  const values = Array.from({ length: 2 ** players }, (_, subset) => value(subset));
  const size = (subset: number): number => (subset === 0 ? 0 : (subset & 1) + size(subset >>> 1));
  const weight = (s: number) => (factorial(s) * factorial(players - s - 1)) / factorial(players);
  return Array.from({ length: players }, (_, i) =>
    values.reduce(
      (sum, v, subset) => (subset & (1 << i) ? sum + weight(size(subset) - 1) * (v - values[subset ^ (1 << i)]!) : sum),
      0,
    ),
  );
};

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
