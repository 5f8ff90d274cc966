import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const pages = fileURLToPath(new URL("../pages", import.meta.url));
const base = process.env.BASE ?? "/";

const titleOf = (path) => /^# (.+)$/m.exec(readFileSync(`${pages}/${path}`, "utf8"))?.[1] ?? path;
const items = (paths) => paths.map((path) => ({ text: titleOf(`${path}.md`), link: `/${path}` }));
const inFolder = (folder) => readdirSync(`${pages}/${folder}`).map((file) => `${folder}/${file.replace(/\.md$/, "")}`);

const GROUPS = {
  Use: ["own-models", "inputs", "targets", "pictures", "studio", "service", "scale", "fleet", "security", "images"],
  Choose: ["methods", "recipes", "trees", "concepts", "operators", "extending"],
  Believe: ["evaluation", "metrics", "audit", "tune", "performance"],
  Understand: ["formulas", "reading", "glossary", "architecture", "decisions"],
};
const there = readdirSync(pages);
const group = ([text, paths]) => ({ text, items: items(paths.filter((path) => there.includes(`${path}.md`))) });

export default defineConfig({
  base,
  srcDir: "pages",
  outDir: "dist",
  lang: "en",
  title: "backlit",
  description: "Reads a trained ONNX model and says why it decided as it did",
  head: [["link", { rel: "icon", href: `${base}studio/icon.svg` }]],
  // The studio is built beside the pages.
  ignoreDeadLinks: [/^\/studio\//],
  // Formulas have braces of their own.
  markdown: { attrs: { disable: true } },
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  themeConfig: {
    search: { provider: "local" },
    outline: "deep",
    sidebar: [
      ...Object.entries(GROUPS).map(group),
      { text: "Methods, tried", collapsed: true, items: items(inFolder("methods")) },
      { text: "Metrics, played", collapsed: true, items: items(inFolder("metrics")) },
    ],
    nav: [{ text: "Studio", link: "/studio/index.html", target: "_self" }],
  },
});
