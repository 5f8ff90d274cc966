/** The metrics of a request, each as often as its settings say, with what nobody chose. */
import type { SettingChoice } from "@backlit/core";
import type { JudgingSession } from "./session.ts";
import { type SettingsRequest, settingsOf } from "./settings.ts";
import { type Usual, usualImputers } from "./usual-imputers.ts";

/** Errors: Usage; those of reading the data. */
export const judgingSettings = async (
  { settings = {}, groups }: { readonly settings?: SettingsRequest; readonly groups?: unknown },
  { data, masked, lits }: JudgingSession,
  usual: Omit<Usual, "data">,
): Promise<readonly SettingChoice[]> => {
  const imputer = settings.imputers === undefined ? await usualImputers(lits[0]!, { ...usual, data }) : [];
  const units = settings.units ?? (groups === undefined ? undefined : ["given"]);
  return settingsOf({ ...settings, ...(units && { units }) }, { masked, imputer });
};
