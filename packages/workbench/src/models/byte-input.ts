/**
 * How a model whose input is [N, L] byte values takes a file. Its preprocessor_config.json may say so:
 *
 *   { "input_type": "bytes", "pad_value": 0, "rescale_factor": 0.00392156862745098 }
 */
export interface ByteInput {
  /** The INPUTs are bytes whatever they look like. */
  readonly always: boolean;
  /** The value behind a file's end, where the model takes one length only. */
  readonly padValue: number;
  /** Byte values are multiplied by it; 1 for whole-number inputs. */
  readonly scale: number;
}

/** What a model's config.json says of bytes as its input; fields of another type are left aside. */
export const byteInputOf = (config: unknown): ByteInput => {
  const json = (config ?? {}) as Readonly<Record<string, unknown>>;
  const number = (value: unknown, otherwise: number) => (typeof value === "number" ? value : otherwise);
  return { always: json.input_type === "bytes", padValue: number(json.pad_value, 0), scale: number(json.rescale_factor, 1) };
};
