/** Help in groups, and notices of a line each. */
import { expect, test } from "vitest";
import { main } from "../src/main.ts";
import { voiceOf } from "../src/voice.ts";
import { backlit, ioOf } from "./cli.ts";

const COMMANDS = "explain compile init inspect evaluate compare tune audit concepts cluster subspaces repair serve worker".split(
  " ",
);

test.each(COMMANDS)("the options of %s stand in groups where they are many", async (command) => {
  const { code, out } = await backlit(command, "--help");
  expect(code).toBe(0);
  const count = (text: string) => text.match(/^ {2}-/gm)?.length ?? 0;
  const usual = /^Options:\n((?: .*\n?)*)/m.exec(out)?.[1] ?? "";
  // Its own help alone has no group.
  if (count(out) > 11) expect(usual).toMatch(/^ *-h, --help.*\n?$/);
  const groups = [...out.matchAll(/^[A-Z].*:$/gm)].map(([heading]) => heading);
  expect(new Set(groups).size).toBe(groups.length);
});

/** Each option's headings over all commands. */
const headings = async (): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const all = new Map<string, Set<string>>();
  for (const command of COMMANDS) {
    const { out } = await backlit(command, "--help");
    let heading = "";
    for (const line of out.split("\n")) {
      if (/^\S.*:$/.test(line)) heading = line;
      const option = /^ {2}(?:-\w, )?(--[\w-]+)/.exec(line)?.[1];
      if (option === undefined || heading === "Options:") continue;
      all.set(option, (all.get(option) ?? new Set()).add(heading));
    }
  }
  return all;
};

test("an option stands under the same heading wherever it is one, what a command writes under its own", async () => {
  const all = await headings();
  // Where metrics are chosen these are theirs; a layer is an output of an artefact, and something that is shown of an explanation.
  const two = ["--set", "--score", "--layer", "--ledger", "--only", "--ordinary"];
  for (const [option, under] of all) if (!two.includes(option)) expect([option, ...under]).toHaveLength(2);
  expect(all.get("--no-check")).toEqual(new Set(["What is written and shown:"]));
  for (const option of ["--mask", "--preprocess", "--sidecar"])
    expect([...all.get(option)!]).toEqual(["What the new model holds:"]);
});

test("a score is read from the model where metrics are chosen, and explained elsewhere", async () => {
  const group = async (command: string) => {
    const { out } = await backlit(command, "--help");
    return [...out.slice(0, out.indexOf("--score")).matchAll(/^[A-Z].*:$/gm)].at(-1)![0];
  };
  expect(await group("evaluate")).toBe("How it is judged:");
  expect(await group("audit")).toBe("How it is explained:");
});

test("on a terminal a notice is a line, whole with --why; elsewhere it is whole", () => {
  const long = "auto took one, because of this, and that, and something else";
  const said = (live: boolean, brief: boolean) => {
    const err: string[] = [];
    const voice = voiceOf({ ...ioOf([], err), live, columns: 30 }, { brief });
    voice.note(long);
    voice.note("short");
    voice.tell();
    return err.join("").replaceAll("\r\x1b[K", "");
  };
  expect(said(true, true)).toBe("note: auto took one, because …\nnote: short\nnote: --why says them whole\n");
  const orderly: string[] = [];
  const voice = voiceOf({ ...ioOf([], orderly), live: true, columns: 60 }, { brief: true });
  for (const text of [
    "opset 9 is written as opset 17",
    "up to 64 rows run together",
    "a",
    "b",
    "auto took one: of several kinds",
  ])
    voice.note(text);
  voice.note("the model has several outputs with long names; 'boxes' is explained (--output names another)");
  voice.note(
    "no preprocessor_config.json: guessed 224x224 pixels (centre), ImageNet mean and deviation (--size, --mean, --std say it)",
  );
  voice.tell();
  expect(orderly.join("").replaceAll("\r\x1b[K", "").split("\n")).toEqual([
    "note: no preprocessor_config.…(--size, --mean, --std say it)",
    "note: the model has several outputs…(--output names another)",
    "note: opset 9 is written as opset 17",
    "note: up to 64 rows run together",
    "note: a",
    "note: --why says 2 more, and all of them whole",
    "",
  ]);
  for (const whole of [said(true, false), said(false, true)]) expect(whole).toBe(`note: ${long}\nnote: short\n`);
});

test.each(["explain", "evaluate", "compile", "serve"])("%s --help keeps to 60 columns", async (command) => {
  const out: string[] = [];
  expect(await main([command, "--help"], { ...ioOf(out, []), columns: 60 })).toBe(0);
  const lines = out.join("").split("\n");
  // A word may be longer than its column.
  expect(lines.filter((line) => line.length > 60 && /\s/.test(line.slice(32).trim()))).toEqual([]);
  expect(lines.length).toBeGreaterThan(20);
});

test("--why of explain", async () => {
  const told = async (...more: string[]) => {
    const err: string[] = [];
    const digit = new URL("../../../conformance/real/digits/inputs/input.npy", import.meta.url).pathname;
    expect(await main(["explain", "digits", digit, ...more], { ...ioOf([], err), live: true, columns: 40 })).toBe(0);
    return err
      .join("")
      .split("\n")
      .filter((line) => line.includes("note: "));
  };
  expect((await told()).at(-1)).toBe("note: --why says them whole");
  expect((await told("--why")).join()).toMatch(/auto took gamma-box with seed half-log-odds: the model has convolutions/);
});
