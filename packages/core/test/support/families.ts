/** One small network of every family that `auto` tells apart, with three logits `z` and their bias where a test puts it. */

/** The bias of the logits, unless a test has its own. */
export const BIAS: readonly number[] = [0.3, -0.2, 0.1];

export interface Family {
  readonly name: string;
  /** Shape of the input `x`. */
  readonly dims: readonly number[];
  /** Weights, `bias` left out. */
  readonly held: string;
  /** Nodes from `x` to the logits `z` [N, 3]; the last linear layer takes the weights `w` and `bias`. */
  readonly nodes: string;
  /** Of `w`: which axis counts the logits. */
  readonly classAxis: 0 | 1;
  /** What is added to the last layer's output: then it has as many channels as logits. */
  readonly adds?: true;
  /** The nodes between the last linear layer's output `maps` and `z`, where there are some: an addend may come before them. */
  readonly pooled?: string;
}

const ATTENTION = `n = LayerNormalization(x, g) qs = MatMul(n, q) ks = MatMul(n, k) vs = MatMul(n, v) kt = Transpose <perm=[0,2,1]> (ks)
  s = MatMul(qs, kt) l = Div(s, two) p = Softmax <axis=-1> (l) m = MatMul(p, vs) r = MatMul(m, o) h = Add(r, x)
  f = MatMul(h, a) e = Relu(f) i = MatMul(e, b) j = Add(i, h) t = ReduceMean <axes=[1], keepdims=0> (j)`;

export const families: readonly Family[] = [
  { name: "a linear model", classAxis: 1, dims: [1, 4], held: "float[4,3] w = random(1)", nodes: "z = Gemm(x, w, bias)" },
  {
    name: "a dense net",
    classAxis: 1,
    dims: [1, 4],
    held: "float[4,6] a = random(2), float[6] c = random(3), float[6,5] b = random(4), float[5,3] w = random(5)",
    nodes: "i = Gemm(x, a, c) j = Relu(i) k = MatMul(j, b) h = Relu(k) m = MatMul(h, w) z = Add(m, bias)",
  },
  {
    name: "convolutions, dense head",
    classAxis: 1,
    dims: [1, 2, 6, 6],
    held: "float[4,2,3,3] a = random(6), float[4] c = random(7), float[3,4,3,3] b = random(8), float[27,3] w = random(9)",
    nodes: `i = Conv <pads=[1,1,1,1]> (x, a, c) j = Relu(i) p = MaxPool <kernel_shape=[2,2], strides=[2,2]> (j)
      k = Conv <pads=[1,1,1,1]> (p, b) h = Relu(k) f = Flatten(h) z = Gemm(f, w, bias)`,
  },
  {
    name: "convolutions, pooled dense head",
    classAxis: 0,
    dims: [1, 2, 6, 6],
    held: "float[4,2,3,3] a = random(10), float[4,4,3,3] b = random(11), float[3,4] w = random(12)",
    nodes: `i = Conv <pads=[1,1,1,1]> (x, a) j = Relu(i) k = Conv <pads=[1,1,1,1], strides=[2,2]> (j, b) h = Relu(k)
      p = GlobalAveragePool(h) f = Flatten(p) z = Gemm <transB=1> (f, w, bias)`,
  },
  {
    name: "convolutions, 1×1 head",
    classAxis: 0,
    dims: [1, 2, 6, 6],
    held: "float[4,2,3,3] a = random(13), float[4] c = random(14), float[3,4,1,1] w = random(15)",
    nodes: "i = Conv <pads=[1,1,1,1]> (x, a, c) h = Relu(i) maps = Conv(h, w, bias)",
    pooled: "p = GlobalAveragePool(maps) z = Flatten(p)",
  },
  {
    name: "depthwise convolutions",
    classAxis: 1,
    dims: [1, 2, 8, 8],
    held: "float[4,2,3,3] a = random(16), float[4,1,3,3] d = random(17), float[5,4,1,1] b = random(18), float[5,3] w = random(19)",
    nodes: `i = Conv <pads=[1,1,1,1], strides=[2,2]> (x, a) j = Relu(i) k = Conv <pads=[1,1,1,1], group=4> (j, d) l = Relu(k)
      m = Conv(l, b) h = Relu(m) p = GlobalAveragePool(h) f = Flatten(p) z = Gemm(f, w, bias)`,
  },
  {
    name: "a residual net without a dense layer",
    adds: true,
    classAxis: 0,
    dims: [1, 2, 6, 6],
    held: "float[3,2,3,3] a = random(20), float[3,3,3,3] b = random(21), float[3,3,3,3] w = random(22)",
    nodes: `i = Conv <pads=[1,1,1,1]> (x, a) j = Relu(i) k = Conv <pads=[1,1,1,1]> (j, b) l = Add(k, j) h = Relu(l)
      m = Conv <pads=[1,1,1,1]> (h, w, bias) maps = Add(m, h)`,
    pooled: "z = ReduceMean <axes=[2,3], keepdims=0> (maps)",
  },
  {
    name: "convolutions along one axis",
    classAxis: 1,
    dims: [1, 2, 12],
    held: "float[4,2,3] a = random(23), float[4,4,3] b = random(24), float[4,3] w = random(25)",
    nodes: `i = Conv <pads=[1,1]> (x, a) j = Relu(i) k = Conv <pads=[1,1]> (j, b) h = Relu(k) p = GlobalAveragePool(h)
      f = Flatten(p) z = Gemm(f, w, bias)`,
  },
  {
    name: "a recurrent net",
    classAxis: 1,
    dims: [1, 3, 3],
    held: "float[1,12,3] a = random(26), float[1,12,3] b = random(27), float[3,3] w = random(28), int64[1] first = {0}",
    nodes: `t = Transpose <perm=[1,0,2]> (x) i, s, c = LSTM <hidden_size=3> (t, a, b) h = Squeeze(s, first) z = Gemm(h, w, bias)`,
  },
  {
    name: "a transformer",
    classAxis: 1,
    dims: [1, 4, 6],
    held: `float[6] g = {1,1.1,0.9,1.2,0.8,1}, float[6,6] q = random(31), float[6,6] k = random(32), float[6,6] v = random(33), float[6,6] o = random(34),
      float two = {2}, float[6,8] a = random(35), float[8,6] b = random(36), float[6,3] w = random(37)`,
    nodes: `${ATTENTION} z = Gemm(t, w, bias)`,
  },
];

export interface Written {
  readonly bias?: readonly number[];
  /** Nodes from the logits `z` to `y`. */
  readonly after?: string;
  readonly held?: string;
  /** The output besides `y`, or in its place. */
  readonly output?: string;
  /** A node from `maps` to `moved`, before the pool. */
  readonly before?: string;
}

/** The family's network as text. */
export const write = (
  { dims, held, nodes, pooled = "" }: Family,
  { bias = BIAS, after = "y = Identity(z)", held: more, output = "float[N,3] y", before }: Written = {},
): string => {
  const behind = before === undefined ? pooled : `${before} ${pooled.replace("(maps)", "(moved)")}`;
  const weights = [held, `float[${bias.length}] bias = {${bias}}`, more].filter((some) => some !== undefined);
  return `net (float[N,${dims.slice(1)}] x) => (${output}) <${weights.join(", ")}> { ${nodes} ${behind} ${after} }`;
};

/** Weights and nodes that make of the logits `z` given ones, `set`, exactly: what is taken away is what the same nodes gave. */
export const exactly = (z: readonly number[], asked: readonly number[]) => ({
  held: `float[1,3] own = {${z}}, float[1,3] asked = {${asked}}`,
  nodes: "none = Sub(z, own) set = Add(none, asked)",
});
