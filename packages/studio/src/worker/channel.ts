/** One channel: how much of each input's decision goes through it, and where (Achtibat et al. 2023). */
import { whysOf } from "@backlit/workbench";
import type { ChannelSample } from "../shown/network.ts";
import { optionsOf } from "./asked.ts";
import { channelSums } from "./channel-sums.ts";
import type { ChannelAsk } from "./messages.ts";
import { hostOf, inputOf, openedModel } from "./opened.ts";

/** The inputs that rest on it most first, each explained for its own class unless one is asked for. Errors: those of explaining. */
export const channel = async (asked: ChannelAsk, progress: (text: string) => void): Promise<readonly ChannelSample[]> => {
  const { value, channel: index, inputs, model } = asked;
  const { lit, files } = await openedModel(model, progress);
  const options = optionsOf(lit, asked);
  const found: ChannelSample[] = [];
  for (const [n, input] of inputs.entries()) {
    progress(`input ${n + 1} of ${inputs.length}`);
    const given = [inputOf(input)];
    const { result: whole } = await lit.results(given, { ...options, layers: [value] });
    const sums = channelSums(whole.rows[0]!.maps[0]!.layers[value]!);
    const all = sums.reduce((sum, one) => sum + Math.abs(one), 0) || 1;
    const { result, notices } = await lit.results(given, { ...options, conditions: { [value]: [index] }, only: true });
    const [why] = whysOf(result, notices, hostOf(files));
    const drawn = why!.view().data?.();
    found.push({
      name: "text" in input ? input.text : input.name,
      share: sums[index]! / all,
      ...(drawn?.kind === "picture" && { drawn }),
    });
  }
  return found.sort((a, b) => b.share - a.share);
};
