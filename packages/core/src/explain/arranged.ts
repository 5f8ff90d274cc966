/** A session that takes and gives values in the one order of axes all methods work in. */
import type { Arrangement } from "../reading/index.ts";
import { arranged, isPlain, restored } from "../reading/index.ts";
import type { Session } from "../runtime/runtime.ts";

/** `fed` by input; `given` by output, where something is known of it. The session itself where nothing has to move. */
export const arrangedSession = (
  session: Session,
  fed: Readonly<Record<string, Arrangement>>,
  given: (output: string) => Arrangement | undefined,
): Session => {
  const moving = session.outputNames.filter((name) => !isPlain(given(name) ?? { kind: "values", order: [] }));
  if (moving.length === 0 && Object.values(fed).every(isPlain)) return session;
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds, fetches) => {
      const own = Object.entries(feeds).map(
        ([name, tensor]) => [name, fed[name] ? restored(tensor, fed[name]) : tensor] as const,
      );
      const out = await session.run(Object.fromEntries(own), fetches);
      for (const name of moving) if (out[name] !== undefined) out[name] = arranged(out[name], given(name)!);
      return out;
    },
    release: () => session.release(),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
};
