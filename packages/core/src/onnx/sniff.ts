/** What a file that is no ONNX model seems to be, by its first bytes: people pass the wrong file more often than a broken one. */
export interface Guess {
  readonly kind: string;
  readonly fix?: string;
}

const unzip = "unpack it and give the .onnx file inside";
const exportIt = "export the model to ONNX first";

const SIGNATURES: readonly (readonly [offset: number, signature: string, guess: Guess])[] = [
  [0, "\x89PNG", { kind: "a PNG picture" }],
  [0, "\xff\xd8\xff", { kind: "a JPEG picture" }],
  [0, "GIF8", { kind: "a GIF picture" }],
  [8, "WEBP", { kind: "a WebP picture" }],
  [0, "%PDF", { kind: "a PDF document" }],
  [0, "PK\x03\x04", { kind: "a zip archive or a PyTorch checkpoint", fix: `${unzip}, or ${exportIt}` }],
  [0, "\x1f\x8b", { kind: "a gzip archive", fix: unzip }],
  [0, "\x28\xb5\x2f\xfd", { kind: "a zstd archive", fix: unzip }],
  [0, "\x89HDF", { kind: "an HDF5 file (Keras)", fix: exportIt }],
  [4, "TFL3", { kind: "a TensorFlow Lite model", fix: exportIt }],
  [4, "ORTM", { kind: "a model in ONNX Runtime's own .ort format", fix: "give the .onnx file it was made from" }],
  [0, "GGUF", { kind: "a GGUF model", fix: exportIt }],
  [0, "\x93NUMPY", { kind: "a NumPy array" }],
  [0, "\x80\x02", { kind: "a Python pickle", fix: exportIt }],
  [8, '{"', { kind: "a safetensors file", fix: exportIt }],
  [0, "version https://git-lfs", { kind: "a Git LFS pointer", fix: "fetch the file itself with `git lfs pull`" }],
  [0, "<!", { kind: "an HTML page", fix: "download the file itself, not the page about it" }],
  [0, "<html", { kind: "an HTML page", fix: "download the file itself, not the page about it" }],
];

/** undefined when nothing is recognised: it may well be a damaged ONNX file. */
export const looksLike = (bytes: Uint8Array): Guess | undefined => {
  if (bytes.length === 0) return { kind: "an empty file", fix: "download or export the model again" };
  const head = String.fromCharCode(...bytes.subarray(0, 512));
  for (const [offset, signature, guess] of SIGNATURES) if (head.startsWith(signature, offset)) return guess;
  if (isText(bytes.subarray(0, 512))) return { kind: head.trimStart().startsWith("{") ? "a JSON file" : "a text file" };
  return undefined;
};

/** No control characters but white space, and UTF-8 (the last character may be cut off). */
const isText = (bytes: Uint8Array): boolean => {
  if (bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32) || byte === 127)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
};
