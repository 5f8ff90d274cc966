/** Python's side of a test, where there is one with the modules it needs: PYTHON names its program, .ci/python.txt what the whole check installs. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The program, or undefined and a word of what was left out. */
export const pythonWith = async (...modules: readonly string[]): Promise<string | undefined> => {
  const program = process.env.PYTHON ?? "python3";
  const there = await run(program, ["-c", `import ${modules.join(", ")}`]).then(
    () => true,
    () => false,
  );
  if (!there) console.warn(`${program} with ${modules.join(", ")} is not there: a test was left out`);
  return there ? program : undefined;
};
