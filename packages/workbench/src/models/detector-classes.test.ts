import { parseModel } from "@backlit/core";
import { expect, test } from "vitest";
import { isDetectorOf } from "./detector-classes.ts";

const of = (outputs: string, input = "float[N,3,64,64] x") => {
  const names = outputs.match(/\w+(?=,|$)(?![^[]*\])/g) ?? [];
  return parseModel(`g (${input}) => (${outputs}) <> { ${names.map((name) => `${name} = Identity(x)`).join(" ")} }`);
};

test.each([
  ["YOLOv5", "float[N,25200,85] y", 80],
  ["YOLOv8", "float[N,84,8400] y", 80],
  ["YOLOv5, raw", "float[N,255,8,8] a, float[N,255,4,4] b", 80],
  ["YOLOv5, raw, anchors apart", "float[N,3,8,8,85] a, float[N,3,4,4,85] b", 80],
  ["YOLOv8, raw", "float[N,144,8,8] a, float[N,144,4,4] b", 80],
  ["YOLOv2, one map", "float[N,125,13,13] a", 20],
  ["DETR", "float[N,100,92] logits, float[N,100,4] boxes", 91],
])("%s has room for its classes' names beside the boxes", (_, outputs, classes) => {
  expect(isDetectorOf(classes, of(outputs))).toBe(true);
  expect(isDetectorOf(classes + 2, of(outputs))).toBe(false);
});

test.each([
  ["a classifier", "float[N,14] y", 10, undefined],
  ["a segmentation", "float[N,21,64,64] y", 17, undefined],
  ["a sequence", "float[N,50,32] y", 28, "float[N,50] x"],
  ["classes alone", "float[N,100,92] y", 91, undefined],
])("%s has not", (_, outputs, classes, input) => {
  expect(isDetectorOf(classes, of(outputs, input))).toBe(false);
});
