import { expect, test } from "vitest";
import { commandOf } from "./command.ts";

test("words a shell would take apart are quoted; what is usual is left out", () => {
  expect(commandOf({ model: "digits", input: "data/digit-pictures/3.png", choice: {}, target: undefined })).toBe(
    "npx backlit explain digits data/digit-pictures/3.png",
  );
  expect(commandOf({ model: "my model.onnx", input: "it's", choice: { composite: "epsilon" }, target: "3" })).toBe(
    `npx backlit explain 'my model.onnx' 'it'\\''s' --composite epsilon --target 3`,
  );
});
