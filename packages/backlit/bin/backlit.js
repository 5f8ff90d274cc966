#!/usr/bin/env node
// Committed, so that `npm ci` can link the command before the build has made dist/.
import { existsSync } from "node:fs";

const cli = new URL("../dist/cli.js", import.meta.url);
if (existsSync(cli)) await import(cli.href);
else {
  console.error("backlit is not built yet: run npm run build");
  process.exitCode = 1;
}
