/** Which pictures of a folder are like one, and because of which parts: node examples/node/retrieve.js [PICTURE [FOLDER [MODEL]]] */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { explainPair, load, openModel, preprocess, readPicture } from "backlit";

const own = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const [picture = own("data/shapes/two.png"), folder = own("data/shapes"), model = "shapes-embedder"] = process.argv.slice(2);

const bundle = await openModel(model);
const lit = await load(bundle);
const tensorOf = async (path) => preprocess(await readPicture(path), bundle.preprocessor).tensor;
const query = await tensorOf(picture);

const found = [];
for (const name of (await readdir(folder)).filter((file) => /\.(png|jpe?g|webp)$/i.test(file)).sort())
  found.push({ name, ...(await explainPair(lit, query, await tensorOf(join(folder, name)))) });
found.sort((a, b) => b.similarity[0] - a.similarity[0]);

/** The cell's row and column. */
const place = (cell, [, columns]) => `${Math.floor(cell / columns)},${cell % columns}`;
for (const [rank, { name, similarity, pairs, cells, otherCells }] of found.entries()) {
  const width = pairs.dims[2];
  const strongest = Array.from(pairs.data, (relevance, i) => ({ relevance, one: Math.floor(i / width), other: i % width }))
    .sort((a, b) => b.relevance - a.relevance)
    .slice(0, 3)
    .map(({ relevance, one, other }) => `${place(one, cells)} with ${place(other, otherCells)} (${relevance.toFixed(3)})`);
  console.log(`${rank + 1}. ${name}: cosine ${similarity[0].toFixed(3)}; cells ${strongest.join(", ")}`);
}
await lit.release();
