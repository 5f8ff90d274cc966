/** A program for Node that makes the same map. */
import type { Told } from "./command.ts";

/** `recipe`: a file with the rules, where they are nobody's by name. */
export const codeOf = ({ model, input, choice, target, recipe }: Told): string => {
  const options = [
    ...Object.entries(choice).map(([option, name]) => `${option}: ${JSON.stringify(name)}`),
    ...(recipe === undefined ? [] : ["recipe"]),
    ...(target === undefined ? [] : [`target: ${JSON.stringify(target)}`]),
  ];
  return [
    `import { ${recipe === undefined ? "" : "readFile, "}writeFile } from "node:fs/promises";`,
    `import { load } from "backlit";`,
    "",
    `const lit = await load(${JSON.stringify(model)});`,
    ...(recipe === undefined ? [] : [`const recipe = JSON.parse(await readFile(${JSON.stringify(recipe)}, "utf8"));`]),
    `const why = await lit.explain(${[JSON.stringify(input), ...(options.length > 0 ? [`{ ${options.join(", ")} }`] : [])].join(", ")});`,
    `console.log(why.target, why.hash);`,
    `await writeFile("why.json", JSON.stringify(Array.from(why.relevance.data)));`,
    `await lit.release();`,
    "",
  ].join("\n");
};
