import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { preprocess, readNpy, readPreprocessor } from "@backlit/core";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { readPicture } from "./pictures.ts";

const root = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "backlit-"));
afterAll(() => rmSync(folder, { recursive: true }));
const saved = (name: string, content: Uint8Array | string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const raw = (data: Uint8Array | Uint16Array, width: number, height: number, channels: 1 | 2 | 3 | 4) =>
  sharp(data, { raw: { width, height, channels, ...(data instanceof Uint16Array && { depth: "ushort" as const }) } });

describe("readPicture", () => {
  it("keeps samples as stored", async () => {
    const data = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => (i * 37) % 256);
    const png = await raw(data, 5, 3, 3).png().toBuffer();
    expect(await readPicture(png)).toEqual({ width: 5, height: 3, channels: 3, data });
  });

  // a 3x2 picture whose top left pixel is marked; where the mark must be after each orientation is applied
  it.each([
    [1, 3, 2, 0, 0],
    [2, 3, 2, 2, 0],
    [3, 3, 2, 2, 1],
    [4, 3, 2, 0, 1],
    [5, 2, 3, 0, 0],
    [6, 2, 3, 1, 0],
    [7, 2, 3, 1, 2],
    [8, 2, 3, 0, 2],
  ])("applies EXIF orientation %d", async (orientation, width, height, x, y) => {
    const marked = new Uint8Array(18);
    marked.fill(255, 0, 3);
    const png = await raw(marked, 3, 2, 3).withMetadata({ orientation }).png().toBuffer();
    const picture = await readPicture(png);
    expect([picture.width, picture.height]).toEqual([width, height]);
    expect(picture.data.indexOf(255) / 3).toBe(y * width + x);
  });

  it("lays alpha on white", async () => {
    const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 255, 0, 0, 0, 51, 9, 9, 9, 254);
    const { data: seen } = await readPicture(await raw(data, 2, 2, 4).png().toBuffer());
    expect(seen).toEqual(Uint8Array.of(255, 255, 255, 255, 0, 0, 204, 204, 204, 10, 10, 10));
  });

  it("reads grey, grey with alpha and palettes", async () => {
    const grey = await raw(Uint8Array.of(7, 200), 2, 1, 1).toColourspace("b-w").png().toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    expect((await readPicture(grey)).data).toEqual(Uint8Array.of(7, 7, 7, 200, 200, 200));
    const alpha = await raw(Uint8Array.of(0, 0, 50, 255), 2, 1, 2)
      .toColourspace("b-w")
      .png()
      .toBuffer();
    expect((await sharp(alpha).metadata()).channels).toBe(2);
    expect((await readPicture(alpha)).data).toEqual(Uint8Array.of(255, 255, 255, 50, 50, 50));
    const palette = await raw(Uint8Array.of(1, 2, 3, 200, 100, 0), 2, 1, 3)
      .png({ palette: true })
      .toBuffer();
    expect((await readPicture(palette)).data).toEqual(Uint8Array.of(1, 2, 3, 200, 100, 0));
  });

  it("cuts 16 bits to the upper 8", async () => {
    const colour = await raw(Uint16Array.of(0x1200, 0x34ff, 0xffff), 1, 1, 3)
      .toColourspace("rgb16")
      .png()
      .toBuffer();
    expect((await sharp(colour).metadata()).depth).toBe("ushort");
    expect((await readPicture(colour)).data).toEqual(Uint8Array.of(0x12, 0x34, 0xff));
    const grey = await raw(Uint16Array.of(0x80ff), 1, 1, 1).toColourspace("grey16").png().toBuffer();
    expect((await readPicture(grey)).data).toEqual(Uint8Array.of(0x80, 0x80, 0x80));
  });

  it("converts CMYK", async () => {
    const data = new Uint8Array(16 * 16 * 3).map((_, i) => [150, 120, 100][i % 3]!);
    const jpeg = await raw(data, 16, 16, 3).toColourspace("cmyk").jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(jpeg).metadata()).space).toBe("cmyk");
    const { channels, data: seen } = await readPicture(jpeg);
    expect(channels).toBe(3);
    [150, 120, 100].forEach((value, c) => {
      expect(Math.abs(seen[c]! - value)).toBeLessThan(16);
    });
  });

  it("does not apply an RGB profile, as Pillow does not", async () => {
    const data = Uint8Array.of(200, 30, 40);
    const png = await raw(data, 1, 1, 3).withIccProfile("p3").png().toBuffer();
    const stored = await sharp(png, { ignoreIcc: true }).raw().toBuffer();
    expect(Uint8Array.from(stored)).not.toEqual(data); // the profile changed what is stored
    expect((await readPicture(png)).data).toEqual(Uint8Array.from(stored));
  });

  it("takes the first frame of an animation and draws SVG", async () => {
    const frames = new Uint8Array(2 * 4 * 3).fill(255, 0, 12); // white, then black
    const gif = await sharp(frames, { raw: { width: 2, height: 4, channels: 3, pageHeight: 2 } })
      .gif()
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    expect(await readPicture(gif)).toMatchObject({ width: 2, height: 2, data: new Uint8Array(12).fill(255) });
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"><rect width="1" height="1" fill="red"/></svg>';
    expect((await readPicture(saved("a.svg", svg))).data).toEqual(Uint8Array.of(255, 0, 0, 255, 255, 255));
  });

  it("reads AVIF, and HEIF that is AVIF by another name", async () => {
    const avif = await raw(new Uint8Array(3 * 64 * 64).fill(200), 64, 64, 3)
      .avif({ quality: 90 })
      .toBuffer();
    const heif = Buffer.from(avif);
    heif.write("mif1", 8, "latin1");
    for (const bytes of [avif, heif]) {
      const { width, height, data } = await readPicture(bytes);
      expect([width, height]).toEqual([64, 64]);
      expect(Math.abs(data[5000]! - 200)).toBeLessThan(3);
    }
  });

  it("limits the size", async () => {
    const png = await raw(new Uint8Array(3000), 100, 10, 3).png().toBuffer();
    await expect(readPicture(png, { maxPixels: 999, name: "big.png" })).rejects.toThrow(
      "the picture is too large (big.png): 100x10 pixels are more than 999: make it smaller first",
    );
  });
});

const HEIC =
  /an HEIC picture that is not decoded here \(.*\.heic\): what it holds is most likely HEVC, .*: convert it to JPEG or PNG first$/;
const PHONE =
  "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAXxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABoAABAAAAAAAAACcAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/GlwcnAAAADcaXBjbwAAAHVodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQApQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqrprm4CGgwIAAAAyAAAADAIRiAAEABkQBwXPBiQAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAACAAAAAEAAAAIAAAAAf///8gAAAAC////yAAAAAIAAAAQcGl4aQAAAAADCAgIAAAAGGlwbWEAAAAAAAAAAQABBYECAwWEAAAAL21kYXQAAAAjKAGvBBITjOD46cJoP9Xv/FqVfVPJ+0CrK+NJn3exGJKp/6A=";

describe("what is no picture", () => {
  const jpeg = readFileSync(root("data/photos/cat.jpg"));
  it.each<[string, Uint8Array | string, RegExp]>([
    ["a.pdf", "%PDF-1.7\n…", /not a picture \(.*a\.pdf\): it looks like a PDF document: export the page as PNG$/],
    ["a.txt", "Good morning", /it looks like text$/],
    ["a.jpg", "<!DOCTYPE html><html>", /it looks like a web page/],
    ["empty.png", "", /it looks like an empty file$/],
    ["zeros.png", new Uint8Array(100), /it looks like data of an unknown kind$/],
    ["a.bmp", "BM\x01\x02\x03\x04\0\0\0\0", /a BMP picture cannot be read \(.*a\.bmp\): it is cut short: convert it to PNG$/],
    ["car.txt", "BMW, PKW, II", /it looks like text$/],
    ["a.heic", "\0\0\0\x18ftypheic\0\0", HEIC],
    // 8 × 8 pixels as pillow-heif writes them.
    ["phone.heic", Buffer.from(PHONE, "base64"), HEIC],
    ["a.docx", "PK\x03\x04\x14\0\x06\0", /a zip archive or an office document/],
    ["half.jpg", jpeg.subarray(0, jpeg.length / 2), /a JPEG picture that is damaged or cut short \(.*half\.jpg\)/],
    ["head.jpg", jpeg.subarray(0, 20), /a JPEG picture that is damaged or cut short/],
    ["head.png", "\x89PNG\r\n\x1a\n", /a PNG picture that is damaged or cut short/],
    ["a.svg", "<svg><", /an SVG drawing that is damaged or cut short/],
  ])("%s", async (name, content, message) => {
    const file = saved(name, typeof content === "string" ? Buffer.from(content, "latin1") : content);
    const error = await readPicture(file).catch((e) => e);
    expect(error).toMatchObject({ _tag: "BadInput", message: expect.stringMatching(message) });
    expect(error.message).not.toContain("\n");
  });

  it("a folder, and a file that is missing", async () => {
    await expect(readPicture(folder)).rejects.toMatchObject({
      _tag: "BadInput",
      message: expect.stringMatching(/it is a folder/),
    });
    await expect(readPicture(join(folder, "no.png"))).rejects.toMatchObject({
      _tag: "NotFound",
      message: `no such file (${join(folder, "no.png")}): check the path`,
    });
  });
});

describe("the input of EfficientNet-Lite0", () => {
  it("is the one Pillow makes of a photograph, byte for byte", async () => {
    const config = readPreprocessor(JSON.parse(readFileSync(root("models/efficientnet-lite0/preprocessor_config.json"), "utf8")));
    const expected = readNpy(readFileSync(root("conformance/real/lite0-photos/inputs/input.npy"))).data as Float32Array;
    const length = 3 * 224 * 224;
    for (const [i, photo] of ["cat.jpg", "squirrel.jpg"].entries()) {
      const { tensor } = preprocess(await readPicture(root(`data/photos/${photo}`)), config);
      const greyLevels = (tensor.data as Float32Array).map((value, k) => Math.abs(value - expected[i * length + k]!) * 128);
      expect(greyLevels.reduce((a, b) => Math.max(a, b))).toBeLessThan(1e-3);
    }
  });
});
