/** What a person hands to an open model: a name, a picture, bytes. */
import { checkFilled, fail, type Pixels, preprocess } from "@backlit/core";
import { overlaid } from "../host/files.ts";
import { completed } from "../inputs/complete.ts";
import { type InputHost, readSamples } from "../inputs/read.ts";
import { preprocessorOf } from "../kinds/picture/preprocessor.ts";
import { modelInputs, pictureInput } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import type { Sample } from "../samples/sample.ts";

/** A file's name (for models of texts also a text itself), an address, a picked file, a file's bytes, pixels. */
export type Input = string | URL | Blob | Uint8Array | Pixels;

/** What `Blob` needs to be, wherever it comes from. */
interface Blob {
  readonly name?: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

const isPixels = (input: object): input is Pixels => "channels" in input && "width" in input && "data" in input;

/** One list of samples an input, those of a table several. Errors: NotFound, BadInput. */
export const samplesOf = async (
  host: InputHost,
  bundle: Bundle,
  inputs: readonly Input[],
  { textPairs, note }: { readonly textPairs?: readonly string[]; note(text: string): void },
): Promise<readonly (readonly Sample[])[]> => {
  const given = new Map<string, Uint8Array>();
  const files = overlaid(host.files, given);
  if (textPairs && textPairs.length > 1 && textPairs.length !== inputs.length)
    throw fail("Usage", {
      what: `${textPairs.length} second texts for ${inputs.length}`,
      fix: "give one, or one each",
    });
  const second = (n: number) => textPairs && (textPairs.length > 1 ? [textPairs[n]!] : textPairs);
  const read = async (input: Input, n: number): Promise<readonly Sample[]> => {
    const name = nameOf(input, n);
    if (typeof input === "object" && isPixels(input)) return [pictured(input, name, bundle)];
    if (input instanceof Uint8Array) given.set(name, input);
    else if (input instanceof URL) given.set(name, await fetched(input));
    else if (typeof input === "object") given.set(name, new Uint8Array(await input.arrayBuffer()));
    const pair = second(n);
    const { samples, notices } = await readSamples({ ...host, files }, bundle, [name], {
      inputs: [],
      ...(pair && { textPairs: pair }),
    });
    notices.forEach(note);
    return samples;
  };
  const all = await Promise.all(inputs.map(read));
  for (const { feeds, file } of all.flat()) checkFilled(feeds, file);
  return all.map((samples) => completed(samples, modelInputs(bundle.model), note));
};

/** Whether it is read by a host; tensors go to the model as they are. */
export const isInput = (given: unknown): given is Input =>
  typeof given === "string" ||
  (typeof given === "object" &&
    given !== null &&
    (given instanceof Uint8Array || given instanceof URL || isBlob(given) || isPixels(given)));

const isBlob = (input: object): input is Blob => "arrayBuffer" in input;

const nameOf = (input: Input, n: number): string => {
  if (typeof input === "string") return input;
  if (input instanceof URL) return input.href;
  return "name" in input && typeof input.name === "string" && isBlob(input) ? input.name : `input ${n + 1}`;
};

const pictured = (pixels: Pixels, file: string, bundle: Bundle): Sample => {
  const [input, preprocessor] = [pictureInput(bundle.model), preprocessorOf(bundle)];
  if (!input || !preprocessor)
    throw fail("BadInput", { what: "the model takes no picture", where: file, fix: "give a tensor, or what it takes" });
  const { tensor, geometry } = preprocess(pixels, preprocessor);
  return { file, feeds: { [input.name]: tensor }, picture: { pixels, geometry } };
};

const fetched = async (address: URL): Promise<Uint8Array> => {
  const response = await fetch(address).catch((cause: Error) => {
    throw fail("NotFound", { what: "cannot be fetched", where: address.href, why: cause.message }, cause);
  });
  if (!response.ok)
    throw fail("NotFound", { what: "no such file", where: address.href, why: `the server says ${response.status}` });
  return new Uint8Array(await response.arrayBuffer());
};
