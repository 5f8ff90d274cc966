/** A project of ViRelAy on disk. HDF5 is written by h5wasm, which is installed by whoever wants it. */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, type Tensor } from "@backlit/core";
import type { VirelayProject } from "@backlit/workbench";
import type { Dataset, File } from "h5wasm/node";

const library = async () => {
  try {
    const { default: h5wasm } = await import("h5wasm/node");
    await h5wasm.ready;
    return h5wasm;
  } catch (cause) {
    throw fail(
      "Unsupported",
      { what: "--virelay", why: "HDF5 is written by the package h5wasm, which is not installed", fix: "npm install h5wasm" },
      cause,
    );
  }
};

/** Files appear under their names when all are done. Errors: Unsupported without h5wasm, and for what ViRelAy does not show. */
export const writeVirelay = async (project: VirelayProject, folder: string): Promise<void> => {
  const h5wasm = await library();
  const names = [...Object.values(project.files), ...Object.keys(project.texts)];
  const temporary = (name: string) => join(folder, `.${name}.${process.pid}.tmp`);
  const open: File[] = [];
  const create = (name: string) => {
    const file = new h5wasm.File(temporary(name), "w");
    open.push(file);
    return file;
  };
  try {
    await writeSamples(project, create(project.files.data), create(project.files.attribution));
    writeAnalyses(project, create(project.files.analysis));
    for (const file of open.splice(0)) file.close();
    for (const [name, text] of Object.entries(project.texts)) writeFileSync(temporary(name), text);
    for (const name of names) renameSync(temporary(name), join(folder, name));
  } finally {
    for (const file of open) file.close();
    for (const name of names) rmSync(temporary(name), { force: true });
  }
};

const writeSamples = async (project: VirelayProject, data: File, attribution: File): Promise<void> => {
  const written = new Map<string, Dataset>();
  let done = 0;
  const append = (file: File, name: string, { dims, data: values, type }: Tensor) => {
    const key = `${file.filename} ${name}`;
    const known = written.get(key);
    const [rows, ...inner] = dims;
    if (known === undefined) {
      const shape = { shape: [...dims], maxshape: [project.count, ...inner], chunks: [1, ...inner] };
      written.set(
        key,
        file.create_dataset({ name, data: values as Float32Array, dtype: DTYPES[type as keyof typeof DTYPES], ...shape }),
      );
      return;
    }
    known.resize([done + rows!, ...inner]);
    known.write_slice([[done, done + rows!], ...inner.map((size): [number, number] => [0, size])], values);
  };
  for await (const { data: seen, attribution: maps, prediction, label } of project.rows()) {
    const labels: Tensor = { type: "int64", dims: [label.length], data: label };
    append(data, "data", seen);
    append(data, "label", labels);
    append(attribution, "attribution", maps);
    append(attribution, "prediction", prediction);
    append(attribution, "label", labels);
    done += label.length;
  }
  attribution.create_dataset({ name: "index", data: Int32Array.from({ length: done }, (_, n) => n), shape: [done], dtype: "<i" });
};

const DTYPES = { float32: "<f", uint8: "<B", int64: "<q" } as const;

const writeAnalyses = ({ analyses, embedding }: VirelayProject, file: File): void => {
  for (const { name, index, cluster, places, eigenvalues } of analyses) {
    const own = file.create_group(name);
    own.create_dataset({ name: "index", data: Int32Array.from(index), shape: [index.length], dtype: "<i" });
    const clusters = own.create_group("cluster");
    clusters.create_dataset({ name: "spray", data: Int32Array.from(cluster), shape: [cluster.length], dtype: "<i" });
    const embeddings = own.create_group("embedding");
    const flat = Float64Array.from(places.flat());
    const plane = embeddings.create_dataset({ name: embedding, data: flat, shape: [places.length, 2], dtype: "<d" });
    if (embedding === "spectral")
      plane.create_attribute("eigenvalue", Float64Array.from(eigenvalues), [eigenvalues.length], "<d");
  }
};
