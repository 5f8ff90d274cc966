/** Runs as a page: one address, no script of others, looked at anew every two seconds. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Html, html, rawHtml } from "@backlit/core";
import type { Jobs, RunState } from "./jobs.ts";

export interface JobsPage {
  readonly url: string;
  close(): Promise<void>;
}

/** At 127.0.0.1 only. `port` 0: a free one. */
export const jobsPage = async (jobs: Pick<Jobs, "list">, port: number): Promise<JobsPage> => {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type, "cache-control": "no-store", ...POLICY }).end(body);
    if (request.url !== "/" && request.url !== "/runs") return answer(404, "text/plain", "not found\n");
    jobs.list().then(
      (runs) =>
        request.url === "/"
          ? answer(200, "text/html; charset=utf-8", pageOf(runs))
          : answer(200, "application/json", `${JSON.stringify(runs)}\n`),
      (error: Error) => answer(503, "text/plain; charset=utf-8", `the queue does not answer: ${error.message}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => void server.close(() => resolve()).closeAllConnections()),
  };
};

const POLICY = { "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'" };

const STYLE = `:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif } body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { width: 100%; border-collapse: collapse } th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-top: 1px solid #8884; vertical-align: top }
progress { width: 10rem } code { font-size: .9em } .failed { color: #c33 }`;

const pageOf = (runs: readonly RunState[]): string =>
  `<!doctype html>${html`<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><title>backlit: ${runs.length} runs</title><style>${rawHtml(STYLE)}</style>
<main><h1>Runs</h1>${runs.length === 0 ? html`<p>None yet: <code>backlit submit</code></p>` : html`<table><thead><tr><th>Run<th>What<th>State<th>Units</thead><tbody>${runs.map(rowOf)}</tbody></table>`}</main></html>
`}`;

const rowOf = ({ run, title, state, done, failed, units, why }: RunState): Html => {
  const bar =
    units === undefined
      ? ""
      : html`<progress max="${Math.max(1, units)}" value="${done}" aria-label="units done"></progress> ${done} of ${units}`;
  const lost = failed > 0 && html` <span class="failed">${failed} failed</span>`;
  return html`<tr><td><code>${run.slice(0, 12)}</code><td>${title}${why !== undefined && html`<br><small>${why}</small>`}<td>${state}<td>${bar}${lost}
`;
};
