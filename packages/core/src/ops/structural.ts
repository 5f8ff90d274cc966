/** Ops that move, copy or drop values. Relevance follows the values: the adjoint undoes the move and sums over copies. */
import { getInt, getInts } from "../onnx/attributes.ts";
import { DataType } from "../onnx/proto.ts";
import { axisOf } from "./axes.ts";
import { move } from "./move.ts";
import { type Op, unbroadcastTo, zerosLike } from "./role.ts";

/** Reshape, Flatten: back to the shape of x. */
export const Reshape: Op = (node, facts) =>
  move(node, facts, [0], ({ g }, [r]) =>
    g.reshape(r!, facts.shapeOf(node.input[0]!), node.input[0]!, facts.shapeOf(node.output[0]!)),
  );

/** Undo each other: unlike a Reshape to −1 that tells the runtime which dynamic size is which, and memory is planned by that. */
export const Unsqueeze: Op = (node, facts) => move(node, facts, [0], ({ g }, [r]) => g.op("Squeeze", [r!, node.input[1]!]));
export const Squeeze: Op = (node, facts) => {
  const axes = node.input[1];
  return axes ? move(node, facts, [0], ({ g }, [r]) => g.op("Unsqueeze", [r!, axes])) : Reshape(node, facts);
};

export const Identity: Op = (node, facts) => move(node, facts, [0], (_, [r]) => r!);

const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16];

/** Between float types values stay; as whole numbers or truths they are rounded, and relevance ends. */
export const Cast: Op = (node, facts) =>
  FLOATS.includes(getInt(node, "to", DataType.FLOAT)) ? Identity(node, facts) : move(node, facts, [], (_, [r]) => r!);

export const Transpose: Op = (node, facts) =>
  move(node, facts, [0], ({ g }, [r]) => {
    const perm = getInts(node, "perm") ?? facts.shapeOf(node.input[0]!).map((_, i, all) => all.length - 1 - i);
    return g.transpose(
      r!,
      perm.map((_, i) => perm.indexOf(i)),
    );
  });

export const Concat: Op = (node, facts) => {
  const axis = axisOf(node, facts.rank(node.output[0]!), 0);
  const sizes = node.input.map((name) => facts.shapeOf(name)[axis] ?? null);
  const all = node.input.map((_, i) => i);
  return move(node, facts, all, ({ g }, [r], i) => {
    if (!sizes.includes(null)) {
      const start = (sizes as number[]).slice(0, i).reduce((a, b) => a + b, 0);
      return g.op("Slice", [r!, g.ints([start]), g.ints([start + (sizes[i] as number)]), g.ints([axis])]);
    }
    const lengths = node.input.map((name) => g.op("Shape", [name], { start: axis, end: axis + 1 }));
    return g.ops("Split", [r!, g.op("Concat", lengths, { axis: 0 })], { axis }, node.input.length)[i]!;
  });
};

export const Split: Op = (node, facts) => {
  const axis = axisOf(node, facts.rank(node.input[0]!), 0);
  return move(node, facts, [0], ({ g }, parts) =>
    g.op(
      "Concat",
      node.output.map((name, k) => parts[k] ?? zerosLike(g, name)),
      { axis },
    ),
  );
};

export const Expand: Op = (node, facts) => move(node, facts, [0], (site, [r]) => unbroadcastTo(site, r!, 0));

/** Tile: every axis taken apart into repeats and size, and summed over the repeats. */
export const Tile: Op = (node, facts) => {
  const [x, repeats] = node.input as [string, string];
  return move(node, facts, [0], ({ g }, [r]) => {
    const shape = facts.shapeOf(x);
    const known = facts.numbers(repeats);
    const pairs = [repeats, g.op("Shape", [x])].map((list) => g.op("Unsqueeze", [list, g.ints([1])]));
    const apart =
      known && shape.filter((d) => d === null).length <= 1
        ? g.reshape(
            r!,
            shape.flatMap((d, i) => [known[i]!, d]),
          )
        : g.op("Reshape", [r!, g.op("Reshape", [g.op("Concat", pairs, { axis: 1 }), g.ints([-1])])]);
    return g.op("ReduceSum", [apart, g.ints(shape.map((_, i) => 2 * i))], { keepdims: 0 });
  });
};
