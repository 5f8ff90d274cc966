/** backlit studio: the page, served on this machine. */
import { nodeHost } from "../host/index.ts";
import { openInBrowser } from "../host/site/browser.ts";
import { openedFiles } from "../host/site/opened.ts";
import { serveSite } from "../host/site/serve.ts";
import { studioFolder } from "../host/site/studio.ts";
import { wholeNumber } from "../options/whole-number.ts";
import type { Register } from "./command.ts";

interface StudioOptions {
  readonly port?: number;
  readonly open: boolean;
}

export const studioCommand: Register = (program, io) => {
  program
    .command("studio")
    .description("open the page in which models are explained; nothing leaves this machine")
    .argument("[model]", "an .onnx file, a folder in Hugging Face style, or a bundled name")
    .argument("[input]", "a picture, an array, a table, or a text")
    .option("--port <number>", "where it listens; default: a free one", wholeNumber("port"))
    .option("--no-open", "only print the address")
    .option("--debug", "show where an error was thrown")
    .action(async (model: string | undefined, input: string | undefined, { port = 0, open }: StudioOptions) => {
      const folder = studioFolder();
      const named = model === undefined ? undefined : await openedFiles(nodeHost(), model, input);
      await using site = await serveSite({ folder, port, ...(named && { named }) });
      const address = `${site.address}${named ? "?open" : ""}`;
      io.out(`${address}\n`);
      io.err("Ctrl-C ends it\n");
      if (open) openInBrowser(address);
      await new Promise<void>((done) => io.onInterrupt(done));
    });
};
