/** Which parameters a recipe reads: its composite's own, its method's, and those of every recipe of that kind. What nothing reads is refused where a person wrote it; recipe files keep it, with a notice. */
import { unknownIn } from "../cards/names.ts";
import { compiledMethods, ownParameters } from "../compiled/index.ts";
import { type Composite, composites } from "../composites/index.ts";
import { fail } from "../errors.ts";

/** `output` is the older name of `score`. */
const SHARED = ["batchnorm", "output"];
const LRP = ["product", "zero_params"];
/** Parts that the one word `epsilon` stands for. */
const EPSILONS = ["linear", "product", "add"];
/** What every resolved recipe may hold, read or not. */
const isHeld = (key: string): boolean =>
  [...SHARED, ...LRP, "epsilon"].includes(key) ||
  Object.values(compiledMethods).some((method) => Object.hasOwn(ownParameters(method), key));

const parametersOf = ({ parameters }: Composite): readonly string[] => {
  const names = Object.keys(parameters);
  return names.some((name) => EPSILONS.includes(name)) ? [...names, "epsilon"] : names;
};

export interface Reader {
  /** As it is called: lrp, attnlrp, gradient, … */
  readonly method: string;
  /** The composite's name; `auto` before it is known may become any; none where rules are written out. */
  readonly composite?: string | undefined;
}

/** Names of the parameters of a method of one pass. */
export const paramsRead = ({ method, composite }: Reader): readonly string[] => {
  const name = composite ?? method; // attnlrp is the composite of that name
  const own = composite === "auto" ? Object.values(composites) : [composites[name] ?? []].flat();
  const compiled = compiledMethods[method];
  const lrp = compiled?.flow === "relevance" || own.length > 0;
  return [
    ...new Set([
      ...own.flatMap(parametersOf),
      ...Object.keys(compiled ? ownParameters(compiled) : {}),
      ...SHARED,
      ...(lrp ? LRP : []),
    ]),
  ];
};

interface Given {
  readonly params: object;
  /** Those that stand beside the composite's name. */
  readonly ofComposite: object;
  /** From a recipe file. */
  readonly file: boolean;
  /** The composite is the choice of `auto`. */
  readonly auto: boolean;
}

/** Notices of what a file holds that nothing reads. Errors: BadRecipe for the same elsewhere, and for parameters no composite has. */
export const checkParams = (reader: Reader, { params, ofComposite, file, auto }: Given): readonly string[] => {
  const read = paramsRead(reader);
  const own = composites[reader.composite ?? ""];
  const beside = ["zero_params", ...(own ? parametersOf(own) : [])];
  const who = reader.composite === undefined ? `method '${reader.method}'` : `composite '${reader.composite}'`;
  const refuse = (key: string | undefined, known: readonly string[]): void => {
    if (key === undefined) return;
    const where = auto ? "taken by auto" : undefined;
    throw fail("BadRecipe", { what: `${who} has no parameter '${key}'`, where, fix: `it has ${known.join(", ")}` });
  };
  const [stray, strayBeside] = [unknownIn(params, read), unknownIn(ofComposite, beside)];
  refuse(file ? strayBeside.find((key) => !isHeld(key)) : strayBeside[0], beside);
  if (!file) refuse(stray[0], read);
  const told = [
    ...stray.filter((key) => !isHeld(key)).map((key) => `params.${key}`),
    ...strayBeside.map((key) => `composite.params.${key}`),
  ];
  return told.length > 0 ? [`ignored in the recipe: ${told.join(", ")}`] : [];
};
