/** KServe: an InferenceService over a Triton repository, and one that explains by `backlit serve`. */
import { type Engine, type Exported, portRows } from "../engine.ts";
import { triton } from "./triton.ts";

export const kserve: Engine = {
  name: "kserve",
  summary: "an InferenceService for KServe, with the model repository it reads",
  artefact: (model) => `models/${triton.artefact(model)}`,
  texts: (model) => {
    const { "README.md": _, "request.json": request, ...repository } = triton.texts(model);
    return {
      ...Object.fromEntries(Object.entries(repository).map(([path, text]) => [`models/${path}`, text])),
      "inferenceservice.yaml": service(model),
      "request.json": request!,
      "README.md": readme(model),
    };
  },
};

/** Names of Kubernetes have small letters, digits and hyphens. */
const named = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 50) || "model";

const service = ({ name, identity, hash }: Exported): string => `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: ${named(name)}
  annotations:
    backlit/model-sha256: "${identity}"
    backlit/recipe-sha256: "${hash}"
spec:
  predictor:
    model:
      modelFormat:
        name: triton
      protocolVersion: v2
      # where models/ was put: gs://, s3://, https://, or pvc://CLAIM/PATH
      storageUri: pvc://models/${named(name)}/models
      resources:
        requests: { cpu: "1", memory: 1Gi }
        limits: { cpu: "2", memory: 2Gi }
`;

const readme = (model: Exported): string => `# ${model.name}: predictions and why, on KServe

Put \`models/\` where the cluster reads it, name the place in \`inferenceservice.yaml\` (\`storageUri\`), then

\`\`\`bash
kubectl apply -f inferenceservice.yaml
curl "http://$HOST/v2/models/${model.name}/infer" -H "Host: ${named(model.name)}.default.example.com" -d @request.json
\`\`\`

| name | type | shape |
|---|---|---|
${portRows([...model.inputs, ...model.outputs])}

For V1's \`:explain\`, targets and methods by request, run \`backlit serve\` as a custom predictor: it speaks KServe's V1 and V2.
`;
