import { expect, test } from "vitest";
import { parseModel } from "../onnx/parse-text.ts";
import { checkVariadic } from "./variadic.ts";

const check = (nodes: string) => checkVariadic(parseModel(`g (float[2] x) => (float[] y) { ${nodes} }`).graph);

test.each(["Concat <axis=0>", 'Einsum <equation="i,i->i">', "Max", "Mean", "Min", "Sum"])("%s needs all of its inputs", (op) => {
  check(`y = ${op} (x, x)`);
  expect(() => check(`y = ${op} (x, "")`)).toThrow(/without its input 1 \(node 'y'\): none of its inputs may be left out/);
  expect(() => check(`y = If <then_branch = t () => (z) { z = ${op} ("", x) }> (x)`)).toThrow(/without its input 0 \(node 'z'\)/);
});

test("others may leave theirs out", () => check('y = Clip(x, "", x) z = my.own.Max(x, "")'));
