/** Arrays of a metrics case, read once. */
import { type FloatTensor, fail, type Tensor, toFloat32 } from "@backlit/core";
import { caseArray, caseFile } from "../verdict.ts";
import { isRecord, type MetricsCase } from "./case.ts";

export class Files {
  readonly #known = new Map<string, Promise<Tensor>>();
  readonly #maps = new Map<string, Promise<FloatTensor>>();

  constructor(readonly it: MetricsCase) {}

  /** Errors: NotFound, BadInput. */
  array(file: string): Promise<Tensor> {
    const known = this.#known.get(file) ?? caseArray(this.it.dir, file);
    this.#known.set(file, known);
    return known;
  }

  /** Heatmaps by the name the case gives them. Errors: BadInput, NotFound. */
  map(name: string): Promise<FloatTensor> {
    const known = this.#maps.get(name) ?? this.#map(name);
    this.#maps.set(name, known);
    return known;
  }

  async #map(name: string): Promise<FloatTensor> {
    const file = this.it.relevance[name]?.file;
    if (file === undefined) throw fail("BadInput", { what: `no map '${name}' among the case's relevance` });
    return toFloat32(await this.array(file)) as FloatTensor;
  }

  /** The class of each sample. */
  async targets(): Promise<readonly (readonly number[])[]> {
    const { targets: file } = this.it;
    const json: unknown = JSON.parse(new TextDecoder().decode(await caseFile(this.it.dir, file)));
    const targets = isRecord(json) ? json.targets : json;
    if (!Array.isArray(targets) || !targets.flat().every(Number.isInteger))
      throw fail("BadInput", { what: `no list of classes in the case's ${file}` });
    return targets.map((target: number | readonly number[]) => [target].flat());
  }
}
