/** A kind of work that takes its time and nothing else; some of its units cannot be done. Plain JavaScript: workers' processes load it too. */
import { createHash } from "node:crypto";

const keyOf = (name, unit) => createHash("sha256").update(`${name} ${unit}`).digest("hex");

export const resultOf = (name, unit) => ({ unit, value: keyOf(`value of ${name}`, unit).repeat(4) });

/** `request`: {name, count, ms, bad?: number[] that throw, deadly?: number[] that end the process} */
export const sleep = {
  openUnits: async ({ name, count, ms, bad = [], deadly = [], store: place }, { host, signal }) => {
    const store = host.store(place);
    return {
      count,
      run: async (unit) => {
        if (bad.includes(unit)) throw new Error(`unit ${unit} is bad`);
        if (deadly.includes(unit)) process.kill(process.pid, "SIGKILL");
        if ((await store.get(keyOf(name, unit))) !== undefined) return;
        await new Promise((resolve, reject) => {
          const stop = () => {
            clearTimeout(timer);
            reject(new Error("stopped"));
          };
          const timer = setTimeout(() => {
            signal?.removeEventListener("abort", stop);
            resolve();
          }, ms);
          signal?.addEventListener("abort", stop);
        });
        await store.put(keyOf(name, unit), resultOf(name, unit));
      },
      [Symbol.asyncDispose]: async () => {},
    };
  },
  collect: async ({ name, count, store: place }, { host }) => {
    const store = host.store(place);
    const result = [];
    for (let unit = 0; unit < count; unit++) result.push((await store.get(keyOf(name, unit))) ?? null);
    return { result, files: (async function* () {})() };
  },
};
