/** Which files a run reads, by content: what workers see in the place of the submitter's disk. */

export interface Manifest {
  readonly v: 1;
  /** Where relative paths begin. */
  readonly cwd: string;
  /** By absolute path: bytes and SHA-256, under which the content lies in the store. */
  readonly files: Readonly<Record<string, readonly [size: number, sha256: string]>>;
  /** Folders of bundled models, by name. */
  readonly bundled: Readonly<Record<string, string>>;
}
