import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const src = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** `npm run test:quick`: tests beside the code, and suites that take seconds. They are pure, and share their workers' modules. */
const quick = ["packages/*/src/**/*.test.ts", "packages/core/test/{dependencies,docs,layering,public-names}.test.ts"];
/** They run models by the hundred. */
const slow = ["packages/core/src/{evaluate,methods}/**/*.test.ts"];

export default defineConfig({
  resolve: {
    alias: {
      "@backlit/core/render": src("packages/core/src/render/index.ts"),
      "@backlit/core": src("packages/core/src/index.ts"),
      "@backlit/workbench": src("packages/workbench/src/index.ts"),
      "@backlit/web": src("packages/web/src/index.ts"),
      "@backlit/fleet": src("packages/fleet/src/index.ts"),
      "@backlit/service": src("packages/service/src/index.ts"),
      "@backlit/conform": src("packages/conform/src/index.ts"),
      backlit: src("packages/backlit/src/index.ts"),
    },
  },
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Style sheets are texts that pages contain; vitest empties them otherwise.
    css: true,
    projects: [
      { extends: true, test: { name: "quick", include: quick, exclude: slow, isolate: false } },
      {
        extends: true,
        test: { name: "long", include: [...slow, "packages/*/test/**/*.test.ts", "bench/**/*.test.ts"], exclude: quick.slice(1) },
      },
    ],
  },
});
