/** A sidecar's weights stay in the original's folder. */
import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { fail } from "@backlit/core";
import { findModel, type Host } from "@backlit/workbench";

/** A sidecar lies in the folder of the model's own file. Throws NotFound and Usage. */
export const checkBeside = async (host: Host, model: string, out: string): Promise<void> => {
  const folder = dirname(await realpath((await findModel(host, model)).path));
  if ((await realpath(dirname(out)).catch(() => "")) !== folder)
    throw fail("Usage", {
      what: "a sidecar must lie beside the model's file",
      where: out,
      why: "its weights stay in there",
      fix: `write it to ${folder}`,
    });
};
