/** What engines are told of an artefact. */

export interface ExportedPort {
  readonly name: string;
  /** In the words of the Open Inference Protocol: FP32, INT64, … */
  readonly datatype: string;
  /** −1 where a size is free. */
  readonly shape: readonly number[];
}

export interface Exported {
  /** Letters, digits, . - _ */
  readonly name: string;
  readonly version: string;
  readonly inputs: readonly ExportedPort[];
  readonly outputs: readonly ExportedPort[];
  readonly labels?: readonly string[];
  /** The first axis of all inputs and outputs is free, and rows do not depend on each other. */
  readonly batches: boolean;
  /** SHA-256 of the model that is explained, and of the recipe. */
  readonly identity: string;
  readonly hash: string;
}

/** An engine's way to be given a model: where the artefact lies in the folder, and the texts around it. */
export interface Engine {
  readonly name: string;
  readonly summary: string;
  /** Within the folder. */
  artefact(model: Exported): string;
  /** Texts by their path within the folder. */
  texts(model: Exported): Readonly<Record<string, string>>;
}

/** An inference request of the Open Inference Protocol with zeros, free sizes 1. */
export const exampleRequest = ({ inputs }: Exported): object => ({
  inputs: inputs.map(({ name, datatype, shape }) => {
    const own = shape.map((size) => Math.max(size, 1));
    const count = own.reduce((product, size) => product * size, 1);
    const zero = datatype === "BYTES" ? "" : datatype === "BOOL" ? false : 0;
    return { name, shape: own, datatype, data: Array.from({ length: count }, () => zero) };
  }),
});

export const shapeText = (shape: readonly number[]): string =>
  shape.map((size) => (size < 0 ? "N" : size)).join("×") || "one number";

/** What the outputs are, as rows of Markdown. */
export const portRows = (ports: readonly ExportedPort[]): string =>
  ports.map(({ name, datatype, shape }) => `| \`${name}\` | ${datatype} | ${shapeText(shape)} |`).join("\n");
