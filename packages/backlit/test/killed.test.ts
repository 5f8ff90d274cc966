/** Jobs over data sets whose process is killed, again and again, and resumed: what is written in the end is, byte for byte, that of an undisturbed run. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { at, backlit, root } from "./cli.ts";

const cli = fileURLToPath(new URL("../bin/backlit.js", import.meta.url));
/** Finished units of a store, each a file. */
const stored = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json")) : [];

/** Ends the process, with no chance to tidy up, as soon as so many units are stored. False where it was through before that. */
const killedAt = async (units: number, folder: string, argv: readonly string[]): Promise<boolean> => {
  const child = spawn(process.execPath, [cli, ...argv, "--quiet"], { stdio: "ignore" });
  const ended = once(child, "exit");
  while (stored(folder).length < units && child.exitCode === null) await new Promise(setImmediate);
  child.kill("SIGKILL");
  const [code, signal] = await ended;
  expect([code, signal]).toEqual(signal === null ? [0, null] : [null, "SIGKILL"]);
  return signal !== null;
};

/** 64 digits a unit. */
const UNITS = 5;
const asked = [
  "concepts",
  "digits",
  root("data/digits/images.npy"),
  "--limit",
  String(64 * UNITS),
  "--value",
  "/4/Relu_output_0",
];
const settings = ["--vectors", "--prototypes", "2", "--top", "2", "--show", "2"];
const written = (name: string) => ({
  "-o": at(`${name}.json`),
  "--scores": at(`${name}.parquet`),
  "--report": at(`${name}.html`),
});
const run = (name: string): readonly string[] => [...asked, ...settings, ...Object.entries(written(name)).flat()];

test("concepts: killed after the first, a middle and the last but one of its units, by one worker and by two", async () => {
  const { code, err } = await backlit(...run("whole"), "--workers", "1");
  expect(code, err).toBe(0);
  for (const workers of ["1", "2"]) {
    const name = `killed-${workers}`;
    const folder = at(`${name}-store`);
    const argv = [...run(name), "--workers", workers, "--cache", folder];
    let kills = 0;
    for (const units of [1, 3, UNITS - 1]) {
      if (!(await killedAt(units, folder, argv))) break;
      kills++;
      expect(stored(folder).length).toBeGreaterThanOrEqual(units);
      expect(Object.values(written(name)).filter((file) => existsSync(file))).toEqual([]);
    }
    expect(kills).toBeGreaterThan(1);
    const { code, err } = await backlit(...argv);
    expect(code, err).toBe(0);
    expect(stored(folder)).toHaveLength(UNITS);
    for (const [option, file] of Object.entries(written("whole")))
      expect(readFileSync(written(name)[option as "-o"]).equals(readFileSync(file)), option).toBe(true);
  }
});
