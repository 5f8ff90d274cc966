import { expect, test } from "vitest";
import { sorted } from "./dropped.ts";

const files = (...names: string[]) => Object.fromEntries(names.map((name) => [name, new File(["x"], name.split("/").at(-1)!)]));

test.each(["labels.txt", "labels.json", "imagenet_classes.txt", "names.txt", "my-class_names.json", "classes.en.txt"])(
  "%s names classes: of the model it comes with, or of the one that is open",
  (name) => {
    const { model, inputs } = sorted(files("net.onnx", name, "cat.jpg"));
    expect([model?.labels?.name, inputs.map((input) => "name" in input && input.name)]).toEqual([name, ["cat.jpg"]]);
    expect(sorted(files(name))).toMatchObject({ inputs: [], labels: { name } });
  },
);

test.each(["film.txt", "surnames.txt", "vocab.txt", "classical.txt"])("%s does not", (name) => {
  expect(sorted(files(name))).toMatchObject({ inputs: [{ name }] });
  expect(sorted(files("net.onnx", name)).model?.labels).toBeUndefined();
});
