/** The OpenAPI document as a page for people: one file, no script, nothing from elsewhere. */
import { type Html, html, htmlDocument } from "@backlit/core";
import { openapi } from "./openapi.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

interface Path {
  readonly parameters?: readonly Parameter[];
  readonly get?: Operation;
  readonly post?: Operation;
}

/** `models`: the names that are served. */
export const openapiPage = (models: readonly string[]): string => {
  const { info, paths, components } = openapi(models);
  const operations = Object.entries(paths as Readonly<Record<string, Path>>).flatMap(([path, { parameters = [], get, post }]) => [
    ...(get ? [operation(`GET ${path}`, get, parameters)] : []),
    ...(post ? [operation(`POST ${path}`, post, parameters)] : []),
  ]);
  const schemas = Object.entries(components.schemas as Readonly<Record<string, Schema>>).map(
    ([name, schema]) => html`<h3 id="${name}"><code>${name}</code></h3>${fieldsOf(schema)}`,
  );
  return htmlDocument(
    `${info.title} ${info.version}`,
    String(html`<header><h1>${info.title} ${info.version}</h1>
<p>${info.description} Models: ${models.map((name, i) => html`${i > 0 && ", "}<code>${name}</code>`)}. The same for programs: <a href="/openapi.json">openapi.json</a>.</p></header>
<main>${operations}<h2>Objects</h2>${schemas}</main>`),
    STYLE,
  );
};

const STYLE = `table { width: 100%; border-collapse: collapse } h2, td { overflow-wrap: anywhere }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-top: 1px solid #8883; vertical-align: top }`;

const operation = (
  title: string,
  { operationId, parameters = [], requestBody, responses }: Operation,
  shared: readonly Parameter[],
) =>
  html`<section id="${operationId}"><h2><code>${title}</code></h2>
${table(
  ["Parameter", "", ""],
  [...shared, ...parameters].map((one) => [
    html`<code>${one.name}</code> in ${one.in}`,
    typeOf(one.schema),
    one.description ?? "",
  ]),
)}
${requestBody && html`<p>Body: ${contentOf(requestBody.content)}</p>`}
${table(
  ["Answer", "", ""],
  Object.entries(responses).map(([status, { description, content = {} }]) => [status, description, contentOf(content)]),
)}</section>
`;

const table = (heads: readonly string[], rows: readonly (readonly (Html | string)[])[]): Html | false =>
  rows.length > 0 &&
  html`<table><thead><tr>${heads.map((head) => html`<th>${head}`)}</thead><tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}`)}`)}</tbody></table>`;

const contentOf = (content: Content): Html =>
  html`${Object.entries(content).map(([type, { schema }], i) => html`${i > 0 && ", "}<code>${type}</code>${schema && html` ${typeOf(schema)}`}`)}`;

const typeOf = ({ $ref, type = "", enum: values, items, properties, minimum, maximum }: Schema): Html => {
  const name = $ref?.split("/").at(-1);
  if (name !== undefined) return html`<a href="#${name}">${name}</a>`;
  if (values) return html`${values.map((value, i) => html`${i > 0 && ", "}<code>${String(value)}</code>`)}`;
  if (items) return html`list of ${typeOf(items)}`;
  if (properties) return html`{ ${Object.keys(properties).join(", ")} }`;
  const bounds = [minimum !== undefined && `from ${minimum}`, maximum !== undefined && `to ${maximum}`].filter(Boolean);
  return html`${[type, ...bounds].join(" ")}`;
};

const fieldsOf = ({ properties = {}, required = [] }: Schema): Html | false =>
  table(
    ["Field", "", ""],
    Object.entries(properties).map(([name, schema]) => [
      html`<code>${name}</code>`,
      typeOf(schema),
      required.includes(name) ? "" : "may be left out",
    ]),
  );
