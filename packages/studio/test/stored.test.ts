/** The stored results of the page's examples against the models they are of; `npm run studio:store` writes them. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { nodeHost } from "../../backlit/src/host/index.ts";
import { webRuntime } from "../../backlit/src/host/runtime/node.ts";
import { load } from "../../backlit/src/load.ts";
import { examples } from "../src/examples/list.ts";
import { AGREEMENT, differenceOf } from "../src/shown/agree.ts";
import { type Shown, shownOf } from "../src/shown/shown.ts";
import { type Stored, storedOf } from "../src/shown/stored.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const { pictures } = nodeHost();
/** The page's engine: maps with ε where sums nearly cancel differ by more than 1e-4 from those of the native one. */
const runtime = webRuntime();

/** The picture the model saw, as a small file in base64. */
const seenIn = async ({ drawn }: Shown): Promise<string> => {
  if (drawn?.kind !== "picture" || !drawn.seen) return "";
  return Buffer.from((await pictures.encode(drawn.seen)).bytes).toString("base64");
};

test.each(examples)("$id agrees with its stored result", async ({ id, model, input }) => {
  await using lit = await load(`${root}/models/${model}`, { runtime: await runtime });
  const given =
    "text" in input ? new TextEncoder().encode(input.text) : new Uint8Array(readFileSync(`${root}/data/${input.file}`));
  const shown = await shownOf(await lit.explain(given));
  const path = fileURLToPath(new URL(`../stored/${id}.json`, import.meta.url));
  if (process.env.STORE) writeFileSync(path, `${JSON.stringify(storedOf(shown, await seenIn(shown)))}\n`);
  const stored = JSON.parse(readFileSync(path, "utf8")) as Stored;
  expect(stored.hash).toBe(shown.hash);
  expect(differenceOf(stored, shown)).toBeLessThanOrEqual(AGREEMENT);
});
