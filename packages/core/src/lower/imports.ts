/**
 * Which operator set a file means, as ONNX Runtime reads it: of two imports of one domain the last one holds; a file that imports other
 * domains alone means the newest set of ai.onnx that the runtime has; one without any is refused, as is a version that is not there.
 */
import { fail } from "../errors.ts";
import { domainOf, nodesOf } from "../graph/graph.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { DataType, type ModelProto, type OpsetId } from "../onnx/proto.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** Versions of ai.onnx that are looked for, and where looking ends. */
const [NEWEST, OLDEST] = [40, 17];

/** The model with one import for each domain, that of ai.onnx among them. Errors: BadModel. */
export const withImports = async (file: ModelProto, runtime: Runtime): Promise<ModelProto> => {
  if (file.opsetImport.length === 0 && file.irVersion >= 3)
    throw fail("BadModel", {
      what: "the file imports no operator set",
      why: "what its operators mean depends on one, and ONNX Runtime refuses it",
      fix: "export the model again, or name the set it was made for (onnx.helper.make_opsetid)",
    });
  const functions = file.functions.map((f) => (isPlain(f.opsetImport) ? f : { ...f, opsetImport: lastOfEach(f.opsetImport) }));
  const opsetImport = isPlain(file.opsetImport) ? file.opsetImport : lastOfEach(file.opsetImport);
  const unnamed =
    !opsetImport.some(({ domain }) => domainOf(domain) === "") &&
    nodesOf(file.graph).some(({ domain }) => domainOf(domain) === "") &&
    file.irVersion >= 3;
  const own = unnamed ? [{ domain: "", version: await newest(runtime) }] : [];
  if (opsetImport === file.opsetImport && !unnamed && functions.every((f, i) => f === file.functions[i])) return file;
  return { ...file, functions, opsetImport: [...opsetImport, ...own] };
};

const isPlain = (imports: readonly OpsetId[]): boolean =>
  new Set(imports.map(({ domain }) => domainOf(domain))).size === imports.length;

const lastOfEach = (imports: readonly OpsetId[]): OpsetId[] => [
  ...new Map(imports.map((one) => [domainOf(one.domain), one])).values(),
];

const found = new WeakMap<Runtime, Promise<number>>();

/** The newest set of ai.onnx a runtime takes without warning of it. */
const newest = (runtime: Runtime): Promise<number> => {
  const known = found.get(runtime) ?? probed(runtime);
  found.set(runtime, known);
  return known;
};

const probed = async (runtime: Runtime): Promise<number> => {
  for (let version = NEWEST; version > OLDEST; version--) {
    const session = await runtime.createSession(probe(version)).catch(() => undefined);
    if (session === undefined) continue;
    await session.release();
    return version;
  }
  return OLDEST;
};

const probe = (version: number): Uint8Array => {
  const value = (name: string) => ({ name, type: { tensorType: { elemType: DataType.FLOAT, shape: [] } } });
  const node = { opType: "Identity", domain: "", name: "", input: ["x"], output: ["y"], attribute: [] };
  return encodeModelBytes({
    irVersion: 8,
    opsetImport: [{ domain: "", version }],
    metadataProps: [],
    functions: [],
    graph: {
      name: "probe",
      node: [node],
      initializer: [],
      sparseInitializer: [],
      input: [value("x")],
      output: [value("y")],
      valueInfo: [],
    },
  });
};
