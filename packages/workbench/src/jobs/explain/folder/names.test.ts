import { expect, test } from "vitest";
import { namesFor } from "./names.ts";

test("names are kept; those that would clash keep their endings, folders tell files apart", () => {
  const names = namesFor(["cat.jpg", "cat.png", "a/cat.jpg", "dog.v2.jpg", "Fox.png", "fox.jpg"]);
  expect([...names.values()]).toEqual(["cat.jpg", "cat.png", "a/cat", "dog.v2", "Fox.png", "fox.jpg"]);
});
