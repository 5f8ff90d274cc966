/** What the project's files are and what they import: the eyes of layering.test.ts. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

const generated = new Set(["node_modules", "dist", "out", "coverage", ".git"]);

/** Every file below a folder of the project, as a path from the root with "/" between the parts; generated folders left out. */
export const files = (folder = "."): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = relative(root, join(root, folder, entry.name))
      .split(sep)
      .join("/");
    if (entry.isDirectory()) return generated.has(entry.name) ? [] : files(path);
    return [path];
  });

export const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Source files of the packages that ship: no tests, no test helpers. */
export const sources = (folder: string): string[] =>
  files(folder).filter((path) => /\/src\/.*\.ts$/.test(path) && !/\.(test|bench)\.ts$|\/(test|testing|fixtures)\b/.test(path));

export interface Import {
  /** As written: "./x.ts", "node:fs", "fflate". */
  readonly from: string;
  /** Erased when compiled: `import type`. */
  readonly typeOnly: boolean;
}

const parse = (path: string, text: string) => ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);

const nodes = function* (node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodes(child);
};

/** All imports, re-exports and dynamic imports of a source text. */
export const importsOf = (path: string, text = read(path)): Import[] => {
  const found: Import[] = [];
  for (const node of nodes(parse(path, path.endsWith(".svelte") ? scriptsOf(text) : text))) {
    if (ts.isImportDeclaration(node)) {
      const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      found.push({ from: (node.moduleSpecifier as ts.StringLiteral).text, typeOnly });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      found.push({ from: (node.moduleSpecifier as ts.StringLiteral).text, typeOnly: node.isTypeOnly });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [from] = node.arguments;
      found.push({ from: from !== undefined && ts.isStringLiteralLike(from) ? from.text : "(computed)", typeOnly: false });
    }
  }
  return found;
};

/** What stands between the script tags of a component. */
const scriptsOf = (text: string): string =>
  [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script).join("\n");

const platform = new Set(["process", "Buffer", "require", "__dirname", "document", "window", "navigator", "localStorage"]);

/** Globals of Node or the DOM that a source text reaches for and does not declare itself. */
export const platformGlobals = (path: string, text = read(path)): string[] => {
  const declared = new Set<string>();
  const used = new Set<string>();
  for (const node of nodes(parse(path, text))) {
    if (!ts.isIdentifier(node) || !platform.has(node.text)) continue;
    const { parent } = node;
    if ((ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent)) && parent.name === node)
      declared.add(node.text);
    else if (ts.isPropertyAccessExpression(parent) && parent.expression === node) used.add(node.text);
    else if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === node) used.add(node.text);
  }
  return [...used].filter((name) => !declared.has(name));
};
