/** An input of this site, whole. */
import { Trouble } from "./trouble.ts";

/** Errors: Trouble for what is not there. */
export const fetchedInput = async (href: string): Promise<Blob> => {
  const response = await fetch(href).catch(() => undefined);
  if (!response?.ok) throw new Trouble("NotFound", { what: "the input cannot be fetched", where: new URL(href).pathname });
  return await response.blob();
};
