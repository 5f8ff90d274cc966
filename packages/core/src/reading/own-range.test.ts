import { expect, test } from "vitest";
import { model } from "../../test/support/run.ts";
import { ownRange } from "./own-range.ts";

const of = (nodes: string) =>
  ownRange(
    model(
      `<ir_version: 8, opset_import: ["" : 17]> g (float[N,8,8,3] x) => (float[N,8,8,3] y)
       <float s = {0.003921569}, float s2 = {0.007843138}, float one = {1.0}, float bytes = {127.5}, float row = {7.0},
        float[1,1,1,3] mean = {0.485, 0.456, 0.406}, float[3] std = {0.229, 0.224, 0.225}, float[3] means = {103.9, 116.8, 123.7},
        float[8] wide = {1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0}> { ${nodes} }`,
    ),
    "x",
  );

test.each<[string, string, ReturnType<typeof of>]>([
  ["Rescaling to 0..1", "[first] a = Mul (x, s) y = Relu (a)", { range: "0..255", node: "first" }],
  ["to -1..1", "a = Cast <to=1> (x) [first] b = Mul (a, s2) c = Sub (b, one) y = Relu (c)", { range: "0..255", node: "first" }],
  ["moved, then divided", "[first] a = Sub (x, bytes) b = Div (a, bytes) y = Relu (b)", { range: "0..255", node: "first" }],
  [
    "Rescaling, then ImageNet's numbers",
    "[first] a = Mul (x, s) b = Sub (a, mean) c = Div (b, std) y = Relu (c)",
    { range: "0..255", node: "first" },
  ],
  ["of 0..1", "[first] a = Sub (x, mean) b = Div (a, std) y = Relu (b)", { range: "0..1", node: "first" }],
  ["means of bytes alone", "[first] y = Sub (x, means)", { range: "0..255", node: "first" }],
  ["nothing", "y = Relu (x)", undefined],
  ["a weight each column", "a = Transpose <perm=[0,3,1,2]> (x) y = Mul (a, wide)", undefined],
  ["two readers: no scaling of the whole", "a = Mul (x, s) y = Add (a, x)", undefined],
])("%s", (_, nodes, range) => expect(of(nodes)).toEqual(range));
