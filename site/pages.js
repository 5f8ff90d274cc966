/**
 * The pages of the site: the documents of docs/, and a page each for the rules, methods and metrics that one can try in it.
 * A document says where a piece of the studio stands by a comment, `<!-- live: example=digit-3&piece=rules -->`, which other readers leave out.
 */
import { composites, methodCards, metrics } from "@backlit/core";

const LIVE = /<!-- live: (\S+) -->/g;

/** A document as VitePress reads it: pieces in their places, links to files outside of the documents as words. */
export const pageOf = (markdown) =>
  markdown
    .replace(LIVE, (_, query) => live(query))
    .replace(/\[([^\]]*)\]\(\.\.\/[^)]*\)/g, "$1")
    .replaceAll("{{", "&#123;&#123;");

const live = (query) => `<Live query="${query}" />`;

/** What explains pictures of digits is shown on one; the others on what they are made for; what needs a set of its own is not. */
const EXAMPLES = {
  attnlrp: "sentence",
  "attnlrp-gamma": "sentence",
  "cp-lrp": "sentence",
  "raw-attention": "sentence",
  "attention-rollout": "sentence",
  "generic-attention": "sentence",
  "tree-shap": "wines",
};
/** Models or references that no example has. */
const NONE = ["neuralised", "deep-shap", "expected-gradients"];

const exampleOf = (name) => (NONE.includes(name) ? undefined : (EXAMPLES[name] ?? "digit-3"));

/** By its name below `methods/`. */
export const methodPages = () => {
  const rules = Object.values(composites).map(({ name, what, source, parameters }) => ({
    ...{ name, source, parameters },
    lines: [
      sentence(what),
      "",
      "A choice of rules of layer-wise relevance propagation: the sliders change it while the map follows.",
    ],
    facts: [["cost", "one pass"]],
  }));
  const methods = methodCards
    .filter(({ name, family }) => family !== "synthesis" && !(name in composites))
    .map(({ name, what, source, parameters, assumes, conserves, cost }) => ({
      ...{ name, source, parameters },
      lines: [sentence(what)],
      facts: [
        ["assumes", assumes],
        ["conserves", conserves],
        ["cost", cost],
      ],
    }));
  return [...rules, ...methods].map(({ name, source, parameters, lines, facts }) => {
    const example = exampleOf(name);
    return {
      name,
      text: [
        ...[`# ${name}`, "", ...lines, ""],
        ...(example === undefined ? [] : [live(`example=${example}&way=${name}&piece=rules`), ""]),
        ...facts.filter(([, value]) => value).map(([fact, value]) => `- **${fact}**: ${value}`),
        `- **source**: ${source}`,
        ...["", ...parameterTable(parameters)],
      ].join("\n"),
    };
  });
};

/** Those that take parts of the input away, which the studio plays. */
export const metricPages = () =>
  Object.values(metrics)
    .map(({ card }) => card)
    .filter(({ family }) => family === "perturbation")
    .map(({ name, what, definition, source, cost, criticism, scores, parameters }) => ({
      name,
      text: [
        ...[`# ${name}`, "", sentence(what), "", "```", definition.replaceAll("; ", "\n"), "```", ""],
        "The piece plays the curves of the symmetric relevance gain: parts go most relevant first, least relevant first, or at random.",
        ...["", live("example=digit-3&piece=flip"), ""],
        ...[`- **criticism**: ${criticism}`, `- **cost**: ${cost}`, `- **source**: ${source}`, ""],
        ...["| score | what | range |", "|---|---|---|"],
        ...Object.entries(scores).map(([score, { what: says, range = "" }]) => row([`\`${score}\``, says, range])),
        ...["", ...parameterTable(parameters)],
      ].join("\n"),
    }));

const parameterTable = (parameters = {}) => {
  const rows = Object.entries(parameters).map(([name, { what, default: usual = "" }]) =>
    row([`\`${name}\``, what, `\`${usual}\``]),
  );
  return rows.length === 0 ? [] : ["| parameter | what | default |", "|---|---|---|", ...rows, ""];
};

const row = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;

/** Greek letters stay: Γ is no γ. */
const sentence = (text) => `${text.replace(/^[a-z]/, (letter) => letter.toUpperCase())}.`;
