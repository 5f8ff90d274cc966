/** The worker: models are opened and explained here, so that the page answers meanwhile. */
import { sentError } from "@backlit/workbench";
import { cards } from "./cards.ts";
import { channel } from "./channel.ts";
import { compile } from "./compile.ts";
import { explain } from "./explain.ts";
import { flip } from "./flip.ts";
import { groups } from "./groups.ts";
import { layer } from "./layer.ts";
import type { Asked, Told, Work, WorkName } from "./messages.ts";
import { network } from "./network.ts";
import { randomise } from "./randomise.ts";
import { rows } from "./rows.ts";
import { unzip } from "./unzip.ts";

type Does<N extends WorkName> = (
  asked: Work[N]["asked"],
  progress: (text: string) => void,
) => Work[N]["answer"] | Promise<Work[N]["answer"]>;

const works: { readonly [N in WorkName]: Does<N> } = {
  cards,
  channel,
  explain,
  flip,
  groups,
  network,
  layer,
  randomise,
  rows,
  unzip,
  compile,
};

const tell = (told: Told): void => postMessage(told);

self.addEventListener("message", async ({ data: { id, work, asked } }: MessageEvent<Asked>) => {
  try {
    const does = works[work] as Does<typeof work>;
    tell({ id, answer: await does(asked, (progress) => tell({ id, progress })) });
  } catch (error) {
    tell({ id, error: sentError(error) });
  }
});
