/** NVIDIA Triton: a model repository with one model in one version. */
import { type Engine, type Exported, type ExportedPort, exampleRequest, portRows } from "../engine.ts";

const WIDEST = 8;

export const triton: Engine = {
  name: "triton",
  summary: "a model repository for NVIDIA Triton, its ONNX Runtime backend",
  artefact: ({ name }) => `${name}/1/model.onnx`,
  texts: (model) => ({
    [`${model.name}/config.pbtxt`]: config(model),
    ...(model.labels && { [`${model.name}/labels.txt`]: `${model.labels.join("\n")}\n` }),
    "request.json": `${JSON.stringify(exampleRequest(model))}\n`,
    "README.md": readme(model),
  }),
};

/** model_config.proto as text. With a batch Triton leaves the first axis out of `dims`. */
const config = ({
  name,
  inputs,
  outputs,
  batches,
  identity,
}: Exported): string => `# made by backlit from the model with SHA-256 ${identity}
name: ${text(name)}
backend: "onnxruntime"
max_batch_size: ${batches ? WIDEST : 0}
${inputs.map((port) => portText("input", port, batches)).join("\n")}
${outputs.map((port) => portText("output", port, batches)).join("\n")}
${batches ? "dynamic_batching { max_queue_delay_microseconds: 0 }\n" : ""}version_policy { latest { num_versions: 1 } }
`;

const portText = (field: string, { name, datatype, shape }: ExportedPort, batches: boolean): string => {
  const dims = batches ? shape.slice(1) : shape;
  const type = datatype === "BYTES" ? "STRING" : datatype;
  // Triton knows no tensor without axes: such a row is one number, reshaped.
  const sizes = dims.length === 0 ? "dims: [ 1 ]\n  reshape { shape: [ ] }" : `dims: [ ${dims.join(", ")} ]`;
  return `${field} {\n  name: ${text(name)}\n  data_type: TYPE_${type}\n  ${sizes}\n}`;
};

const text = (value: string): string => `"${value.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n")}"`;

const readme = (model: Exported): string => `# ${model.name}: predictions and why, on Triton

\`\`\`bash
docker run --rm -p 8000:8000 -v "$PWD:/models" nvcr.io/nvidia/tritonserver:25.05-py3 tritonserver --model-repository=/models
curl localhost:8000/v2/models/${model.name}/infer -d @request.json
\`\`\`

\`request.json\` holds zeros in the shape of the input. Inputs and outputs:

| name | type | shape |
|---|---|---|
${portRows([...model.inputs, ...model.outputs])}

\`relevance\` says what of the input speaks for the class in \`explained_target\`. Ask for the model's own outputs only (\`outputs\` in the request) and Triton still computes all: the artefact is one graph.
`;
