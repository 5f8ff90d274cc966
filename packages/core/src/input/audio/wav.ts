/** WAV files (RIFF): PCM of 8 to 32 bits and floats, any number of channels. */
import { fail } from "../../errors.ts";

export interface Sound {
  /** Samples a second. */
  readonly rate: number;
  /** −1..1, as many as the file has. */
  readonly channels: readonly Float32Array[];
}

const [PCM, FLOAT, EXTENSIBLE] = [1, 3, 0xfffe];

/** Errors: BadInput for what is cut short, and for compressed samples. */
export const readWav = (bytes: Uint8Array): Sound => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = (at: number) => new TextDecoder("latin1").decode(bytes.subarray(at, at + 4));
  if (mark(0) !== "RIFF" || mark(8) !== "WAVE") throw cut("it does not begin as one");
  let format: { tag: number; channels: number; rate: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const [name, size] = [mark(at), view.getUint32(at + 4, true)];
    const from = at + 8;
    if (name === "fmt ") {
      if (from + 16 > bytes.length) break;
      const tag = view.getUint16(from, true);
      format = {
        tag: tag === EXTENSIBLE && size >= 26 && from + 26 <= bytes.length ? view.getUint16(from + 24, true) : tag,
        channels: view.getUint16(from + 2, true),
        rate: view.getUint32(from + 4, true),
        bits: view.getUint16(from + 14, true),
      };
    }
    // What was written as it came has no size.
    if (name === "data" && format) return samplesOf(view, format, from, Math.min(bytes.length, from + (size || bytes.length)));
    at = from + size + (size % 2);
  }
  throw cut(format ? "it has no samples" : "its format is missing");
};

const cut = (why: string) => fail("BadInput", { what: "a WAV file cannot be read", why });

const READERS: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  [`${PCM}:8`]: (view, at) => (view.getUint8(at) - 128) / 128,
  [`${PCM}:16`]: (view, at) => view.getInt16(at, true) / 32768,
  [`${PCM}:24`]: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 8388608,
  [`${PCM}:32`]: (view, at) => view.getInt32(at, true) / 2147483648,
  [`${FLOAT}:32`]: (view, at) => view.getFloat32(at, true),
  [`${FLOAT}:64`]: (view, at) => view.getFloat64(at, true),
};

const samplesOf = (
  view: DataView,
  {
    tag,
    channels,
    rate,
    bits,
  }: { readonly tag: number; readonly channels: number; readonly rate: number; readonly bits: number },
  from: number,
  to: number,
): Sound => {
  const read = READERS[`${tag}:${bits}`];
  if (read === undefined || channels === 0 || rate === 0)
    throw fail("BadInput", {
      what: "a WAV file of compressed or unusual samples",
      why: `format ${tag}, ${bits} bits, ${channels} channels`,
      fix: "convert it to 16-bit PCM",
    });
  const width = bits / 8;
  const count = Math.floor((to - from) / (width * channels));
  if (count === 0) throw cut("it has no samples");
  return {
    rate,
    channels: Array.from({ length: channels }, (_, c) =>
      Float32Array.from({ length: count }, (_, i) => read(view, from + (i * channels + c) * width)),
    ),
  };
};

/** The mean of the channels. */
export const mono = ({ channels }: Sound): Float32Array =>
  channels.length === 1
    ? channels[0]!
    : channels[0]!.map((_, i) => channels.reduce((sum, channel) => sum + channel[i]!, 0) / channels.length);
