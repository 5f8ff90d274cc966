/** backlit cluster: the heatmaps of a data set, class by class, grouped by what they look at. */
import { join } from "node:path";
import { choice, clusterJob, clusterPage, clusterReport, EMBEDDINGS, type Embedding } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkOutputs, openFolder, writeFiles } from "../host/write-files.ts";
import { writeVirelay } from "../host/write-virelay.ts";
import { addExplaining, type DataSetOptions, dataSetRequest } from "../options/data-set.ts";
import { wholeNumber } from "../options/whole-number.ts";
import { type Register, working } from "./command.ts";

interface ClusterOptions extends DataSetOptions {
  readonly pool?: number;
  readonly neighbours?: number;
  readonly clusters?: number;
  readonly seedRng?: number;
  readonly embedding?: Embedding;
  readonly virelay?: string;
  readonly out?: string;
  readonly report?: string;
}

export const clusterCommand: Register = (program, io) => {
  const command = program
    .command("cluster")
    .description("group the heatmaps of each class by what they look at (SpRAy): right for the wrong reason shows as a group")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument("<data>", "as for evaluate: a folder of pictures, .npz, .npy, .parquet, .csv")
    .option("--pool <n>", "side of the blocks that maps are summed over (default: 16 blocks a side)", wholeNumber("pool"))
    .option("--neighbours <n>", "neighbours of a map in the graph (default: by the number of samples)", wholeNumber("neighbours"))
    .option("--clusters <n>", "groups of a class (default: by the gap between eigenvalues)", wholeNumber("clusters"))
    .option("--embedding <kind>", "places in the plane: spectral or umap (default: spectral)", choice("embedding", EMBEDDINGS))
    .option("--virelay <folder>", "write a project that ViRelAy opens: project.yaml and HDF5 files (needs the package h5wasm)")
    .option("--seed-rng <n>", "seed of all random numbers (default: 0)", wholeNumber("seed-rng", 0))
    .option("-o, --out <file>", "write the result as .json")
    .option("--report <file>", "write a page as .html: candidates with their evidence, and samples of every group");
  addExplaining(command).action((model: string, data: string, options: ClusterOptions) =>
    working(io, options, async (voice, context) => {
      const { pool, neighbours, clusters, seedRng, embedding, virelay, out, report, json, quiet } = options;
      const outputs = [out, report].filter((path) => path !== undefined);
      if (outputs.length > 0) await checkOutputs(outputs, [model, data]);
      if (options.cache !== undefined) await openFolder(options.cache);
      if (virelay !== undefined) await openFolder(virelay);
      const { pictures, ...result } = await clusterJob(
        {
          ...(await dataSetRequest(model, data, options, context)),
          ...(pool !== undefined && { pool }),
          ...(neighbours !== undefined && { neighbours }),
          ...(clusters !== undefined && { clusters }),
          ...(seedRng !== undefined && { random: seedRng }),
          ...(embedding && { embedding }),
          ...(report !== undefined && { pictures: true }),
        },
        context,
        virelay === undefined ? undefined : (project) => writeVirelay(project, virelay),
      );
      const text = (content: string) => [new TextEncoder().encode(content)];
      await writeFiles([
        ...(out === undefined ? [] : [{ path: out, chunks: text(`${JSON.stringify(result)}\n`) }]),
        ...(report === undefined ? [] : [{ path: report, chunks: text(clusterPage(result, pictures)) }]),
      ]);
      const written = [...outputs, ...(virelay === undefined ? [] : [join(virelay, "project.yaml")])];
      voice.tell();
      if (json) sayJson(io, result, 0);
      else if (!quiet)
        say(io, result, (shown) => `${clusterReport(shown, io)}${written.length > 0 ? `wrote ${written.join(", ")}\n` : ""}`);
    }),
  );
};
