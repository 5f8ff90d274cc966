/** Methods to be judged, by names of methods and composites, `auto`, recipe files. */
import { type Composite, composites, fail, type MethodChoice, type ModelProto, methodCards } from "@backlit/core";
import { baseName, type Files } from "../../host/files.ts";
import { known } from "../../words/known.ts";
import { literal } from "../../words/literal.ts";
import { readRecipe } from "../recipe-file.ts";

const RANDOM = "random";

/** What is compared when nobody chooses: what backlit takes by itself, and what people know; each costs at most some fifty passes a sample. */
export const defaultMethods = ({ graph }: ModelProto): readonly string[] => [
  "auto",
  graph.node.some(({ opType }) => opType === "Conv") ? "epsilon-plus-flat" : "gradient-x-input",
  "gradient",
  "integrated-gradients",
];

/** `NAME:key=value:key=value` sets parameters; magnitude=true or false says whether rankings go by size. Random maps are always there. Errors: Usage, NotFound, BadRecipe. */
export const readMethods = async (files: Files, given: readonly string[]): Promise<readonly MethodChoice[]> => {
  const names = [...new Set(given.map((name) => name.trim()))].filter((name) => name !== RANDOM && name !== "");
  const recipes = names.filter((name) => isFile(name));
  const twice = (file: string) => recipes.filter((other) => baseName(other) === baseName(file)).length > 1;
  return Promise.all(
    names.map(async (name): Promise<MethodChoice> => {
      if (!isFile(name)) return named(name);
      const { recipe, random } = await readRecipe(files, name);
      const { explain: _, output: __, ...rest } = recipe;
      const title = baseName(name).replace(/\.json$/i, "");
      return { name: twice(name) ? name : title, options: { ...rest, ...(random !== undefined && { random }) } };
    }),
  );
};

const isFile = (name: string): boolean => /\.json$/i.test(name);

const named = (text: string): MethodChoice => {
  const [name = "", ...settings] = text.split(":");
  known("method", name, ["auto", ...methodCards.map((card) => card.name), ...Object.keys(composites), RANDOM]);
  const params = Object.fromEntries(
    settings.map((setting) => {
      const at = setting.indexOf("=");
      if (at < 1) throw fail("Usage", { what: `method '${text}'`, fix: "write NAME:key=value" });
      return [setting.slice(0, at), literal(setting.slice(at + 1))];
    }),
  );
  const composite: Composite | undefined = Object.hasOwn(composites, name) ? composites[name] : undefined;
  const which = name === "auto" ? {} : composite !== undefined && !isMethod(name) ? { composite: { name } } : { method: name };
  const { magnitude, ...own } = params;
  if (magnitude !== undefined && typeof magnitude !== "boolean")
    throw fail("Usage", { what: `method '${text}'`, fix: "magnitude is true or false" });
  return {
    name: text,
    ...(magnitude !== undefined && { magnitude }),
    options: { ...which, ...(Object.keys(own).length > 0 && { params: own }) },
  };
};

const isMethod = (name: string): boolean => methodCards.some((card) => card.name === name);
