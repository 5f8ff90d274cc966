/** Options that say how maps of pictures are drawn; numbers that are saved stay. */
import { COLORMAPS, checkLook, fail, type Look, STYLES } from "@backlit/core";
import { choice } from "@backlit/workbench";
import type { Command } from "commander";

export const addLook = (command: Command): Command =>
  command
    .optionsGroup("How pictures are drawn:")
    .option("--style <style>", `how pictures are drawn: ${STYLES.join(", ")} (default: panels)`, choice("style", STYLES))
    .option(
      "--colormap <name>",
      `${COLORMAPS.join(", ")} (default: auto, diverging where something speaks against)`,
      choice("colormap", COLORMAPS),
    )
    .option("--alpha <share>", "how opaque the strongest relevance lies over the picture, 0 to 1 (default: 1)", number("alpha"))
    .option("--clip <percentile>", "the percentile of |relevance| where the colours end (default: 99.5)", number("clip"))
    .option("--smooth <pixels>", "blur by a Gaussian of that σ (default: 0)", number("smooth"))
    .option("--on <what>", "crop: what the model saw (default); original: the whole picture", choice("on", ["crop", "original"]))
    .option(
      "--dots <what>",
      "dots of the first layer's stride: divide them out (default), or keep",
      choice("dots", ["divide", "keep"]),
    );

const number =
  (option: keyof Look) =>
  (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) throw fail("Usage", { what: `--${option} ${text}`, fix: "give a number" });
    return value;
  };

/** What was said. Throws Usage. */
export const lookSaid = ({ style, colormap, alpha, clip, smooth, on, dots }: Look): Look =>
  checkLook({
    ...(style !== undefined && { style }),
    ...(colormap !== undefined && { colormap }),
    ...(alpha !== undefined && { alpha }),
    ...(clip !== undefined && { clip }),
    ...(smooth !== undefined && { smooth }),
    ...(on !== undefined && { on }),
    ...(dots !== undefined && { dots }),
  });
