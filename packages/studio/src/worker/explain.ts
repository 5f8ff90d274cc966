/** One explanation. */
import { whysOf } from "@backlit/workbench";
import { type Shown, shownOf } from "../shown/shown.ts";
import { differenceFromWasm } from "./checked.ts";
import { explained } from "./explained.ts";
import type { ExplainAsk } from "./messages.ts";
import { hostOf, openedModel } from "./opened.ts";

export const explain = async (asked: ExplainAsk, progress: (text: string) => void): Promise<Shown> => {
  const answer = await explained(asked, progress);
  const { result, notices } = answer;
  const difference = await differenceFromWasm(asked, answer, progress);
  const note = result.rows[0]!.maps[0]!.note;
  const { files } = await openedModel(asked.model, progress);
  const [why] = whysOf(result, notices, hostOf(files));
  const first = await shownOf(why!);
  const several = { table: "rows", picture: "pictures", text: undefined }[first.drawn?.kind ?? "text"];
  const rows = several !== undefined && result.rows.length > 1 ? { [several]: result.rows.length } : {};
  const shown = { ...first, ...rows, ...(difference !== undefined && { difference }) };
  return note === undefined || note.kind === "balance" ? shown : { ...shown, empty: true };
};
