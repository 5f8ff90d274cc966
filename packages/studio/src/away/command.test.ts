import { expect, test } from "vitest";
import { USUAL_LOOK } from "../draw/look.ts";
import { commandOf } from "./command.ts";

test("words a shell would take apart are quoted; what is usual is left out", () => {
  expect(commandOf({ model: "digits", input: "data/digit-pictures/3.png", choice: {}, target: undefined })).toBe(
    "npx backlit explain digits data/digit-pictures/3.png",
  );
  expect(commandOf({ model: "my model.onnx", input: "it's", choice: { composite: "epsilon" }, target: "3" })).toBe(
    `npx backlit explain 'my model.onnx' 'it'\\''s' --composite epsilon --target 3`,
  );
});

test("a picture that is drawn otherwise has the options that draw it so, and names that were dropped their file", () => {
  const told = { model: "m.onnx", input: "cat.jpg", choice: {}, target: undefined, labels: "names.txt" };
  const drawn = (look: Partial<typeof USUAL_LOOK>) =>
    commandOf({ ...told, drawn: { file: "m.png", look: { ...USUAL_LOOK, ...look } } });
  const start = "npx backlit explain m.onnx cat.jpg --labels names.txt --heatmap m.png";
  expect(drawn({ opacity: 0.5, clip: 99, smooth: 2, dots: false, colours: "dark" })).toBe(
    `${start} --style overlay --alpha 0.5 --clip 99 --colormap dark --smooth 2 --dots keep`,
  );
  expect(drawn({ mode: "masked" })).toBe(`${start} --style masked`);
  expect(drawn({ mode: "panels", clip: 100 })).toBe(`${start} --clip 100`);
});
