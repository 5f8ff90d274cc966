/** What lies in the store of a run, beside inputs and results of units. */
import type { Manifest } from "./inputs/manifest.ts";

/** What was submitted; its SHA-256 is the run's id. */
export interface RunRecord {
  readonly v: 1;
  /** Of backlit: another release may give other numbers. */
  readonly version: string;
  readonly kind: string;
  /** As the job takes it: plain JSON. */
  readonly request: unknown;
  readonly manifest: Manifest;
  /** Workers of several kinds take part: results may differ in their last bits. */
  readonly mixed: boolean;
  /** For people: what is done with what. */
  readonly title: string;
}

/** The runtime whose bits a run's results are: that of the first worker. */
export interface RuntimeKind {
  readonly name: string;
  readonly version: string | null;
  readonly cpu: string | null;
}

/** How a collected run lies in the store. */
export interface RunResult {
  readonly v: 1;
  readonly result: unknown;
  /** Files by name within a folder, and the SHA-256 of their content. */
  readonly files: readonly (readonly [path: string, sha256: string])[];
}

export const recordName = (run: string): string => `runs/${run}/run.json`;
export const boundName = (run: string): string => `runs/${run}/bound.json`;
export const resultName = (run: string): string => `runs/${run}/result.json`;

export const sameKind = (a: RuntimeKind, b: RuntimeKind): boolean =>
  a.name === b.name && a.version === b.version && a.cpu === b.cpu;

/** "onnxruntime-node 1.30.0 on Intel …" */
export const kindText = ({ name, version, cpu }: RuntimeKind): string =>
  `${name} ${version ?? "?"} on ${cpu ?? "an unknown processor"}`;
