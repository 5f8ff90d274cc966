/** Where the studio's page lies. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fail } from "@backlit/core";

/** Errors: NotFound where it is not built. */
export const studioFolder = (): string => {
  const folder = join(packageFolder(), "dist");
  if (existsSync(join(folder, "index.html"))) return folder;
  throw fail("NotFound", {
    what: "the studio is not built",
    where: "packages/studio",
    fix: "in a clone of backlit: npm run build -w packages/studio",
  });
};

const packageFolder = (): string => {
  try {
    return dirname(createRequire(import.meta.url).resolve("@backlit/studio/package.json"));
  } catch {
    return "";
  }
};
