/** The report of an evaluation: one HTML file, no script, nothing loaded. */

import type { MethodCard } from "../../cards/method.ts";
import type { MetricCard } from "../../evaluate/card.ts";
import type { EvaluationExample, EvaluationResult } from "../../evaluate/result.ts";
import { type Html, html, joinHtml } from "../../render/html/html.ts";
import { htmlDocument } from "../../render/html/page.ts";
import { agreementTable } from "./agreement.ts";
import { methodFolds, metricFolds } from "./cards.ts";
import { curvePanels } from "./curves.ts";
import { examplesHtml } from "./examples.ts";
import { definitions } from "./html.ts";
import { primaryTable } from "./primary.ts";
import { allScores, overview } from "./scores.ts";
import { EVALUATION_STYLE } from "./style.ts";
import { count, fixed, type SettingView, settingViews } from "./view.ts";
import { verdictOf } from "./words.ts";

export interface EvaluationPage {
  readonly examples?: readonly EvaluationExample[];
  /** The command line that made it. */
  readonly command?: string;
  readonly methodCards?: readonly MethodCard[];
  readonly metricCards?: Readonly<Record<string, MetricCard | undefined>>;
  /** A recipe in a few words. */
  readonly describe?: (recipe: unknown) => string;
}

interface Part {
  readonly id: string;
  readonly title: string;
  /** Parts with none are left out. */
  readonly body: Html | undefined;
}

/** The whole file. Everything from the result is escaped. */
export const evaluationPage = (
  result: EvaluationResult,
  { examples = [], command, methodCards = [], metricCards = {}, describe = () => "" }: EvaluationPage = {},
): string => {
  const views = settingViews(result);
  const metrics = [...new Set(views.map(({ metric }) => metric))];
  const all: readonly Part[] = [
    { id: "overview", title: "All settings at a glance", body: overview(result.summary, views) },
    ...metrics.map((metric, i) => ({
      id: `metric-${i + 1}`,
      title: metric,
      body: metricBody(
        result,
        views.filter((view) => view.metric === metric),
        metricCards[metric],
      ),
    })),
    { id: "agreement", title: "Do the settings agree?", body: agreementTable(result, views) },
    { id: "examples", title: "Examples", body: examplesHtml(examples) },
    { id: "methods", title: "Methods", body: methodFolds(result, methodCards, describe) },
    { id: "metrics", title: "Metrics", body: metricFolds(result, metricCards) },
    { id: "reproduce", title: "How to get this again", body: reproduction(result, command) },
    { id: "notices", title: "Notices", body: noticeList(result.notices) },
  ];
  const parts = all.filter(({ body }) => body !== undefined && String(body) !== "");
  const title = `Heatmaps of ${result.model.name}, put to the test`;
  const body = html`<header><h1>${title}</h1>
${lead(result, views)}
${identity(result)}
<nav aria-label="Parts of this report"><ul>${parts.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav></header>
<main>
${joinHtml(parts.map(section), "\n")}
</main>`;
  return htmlDocument(title, String(body), EVALUATION_STYLE);
};

const section = ({ id, title, body }: Part): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${title}</h2>\n${body}\n</section>`;

const lead = (result: EvaluationResult, views: readonly SettingView[]): Html => {
  const { headline, details } = verdictOf(result, views);
  return html`<p class="lead">${headline}</p>${details.map((line) => html`<p class="also">${line}</p>`)}`;
};

const identity = ({ model, data, methods, seed, version, summary }: EvaluationResult): Html => {
  const draws = methods.filter(({ random }) => random).length;
  const facts: readonly (readonly [string, string])[] = [
    ["model", `${model.name}, SHA-256 ${model.sha256}${withFiles(model)}`],
    ["data", `${data.name}, ${count(data.count, "sample")}, SHA-256 ${data.sha256}`],
    ["methods", `${methods.length - draws}${draws > 0 ? `, and ${count(draws, "set")} of random maps` : ""}`],
    [
      "statistics",
      `${fixed(100 * summary.confidence, 0)} % intervals from ${summary.resamples} bootstrap resamples, paired by sample; p from paired sign-flip permutation tests, corrected by Holm over all pairs of a table`,
    ],
    ["made by", `backlit ${version}, seed ${seed}`],
  ];
  return definitions(facts, "facts");
};

const withFiles = ({ sha256, identity = sha256 }: EvaluationResult["model"]): string =>
  identity === sha256 ? "" : `, with its weight files ${identity}`;

const metricBody = (result: EvaluationResult, views: readonly SettingView[], card: MetricCard | undefined): Html => {
  const several = views.length > 1;
  const settings = views.map(
    (view, i) => html`<div id="${view.id}"><h3>${several ? view.kind : "Scores"}</h3>
<p class="muted">${view.params}</p>
${primaryTable(result.summary, view)}
${allScores(result.summary, view, i === 0 ? card : undefined)}
${curvePanels(result, view)}</div>`,
  );
  return html`${card && html`<p>${card.what[0]!.toUpperCase()}${card.what.slice(1)} (${card.source}). <span class="muted">${card.definition}</span></p>`}
${joinHtml(settings, "\n")}`;
};

const reproduction = ({ version, seed, model, data }: EvaluationResult, command: string | undefined): Html =>
  html`<p>With backlit ${version}, a model and data of the hashes below and seed ${seed}, the same numbers come out to the last digit on the same machine.</p>
${command && html`<pre class="command" role="region" tabindex="0" aria-label="Command line">${command}</pre>`}
<dl class="facts"><dt>model</dt><dd><code>${model.identity ?? model.sha256}</code></dd><dt>data</dt><dd><code>${data.sha256}</code></dd></dl>`;

const noticeList = (notices: readonly string[]): Html | undefined =>
  notices.length === 0 ? undefined : html`<ul class="notices">${notices.map((notice) => html`<li>${notice}</li>`)}</ul>`;
