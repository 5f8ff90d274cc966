/** The door for people: a picture, a text, a table or an array in, and out what `Accept` names. */
import { fail } from "@backlit/core";
import type { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { File, Form } from "../work/messages.ts";
import { askedInQuery } from "./asked.ts";
import { toldOnTheWay, wantsEvents } from "./events.ts";
import { sentIn } from "./sent.ts";
import { explainIn, type Service, servedIn } from "./service.ts";

const FORMS: readonly (readonly [type: string, form: Form])[] = [
  ["application/json", "json"],
  ["image/png", "png"],
  ["image/svg+xml", "svg"],
  ["application/pdf", "pdf"],
  ["application/x-npy", "npy"],
  ["text/html", "html"],
];

/** The best that is accepted; JSON where all is welcome. Errors: 406. */
const formFor = (accept: string | undefined): Form => {
  const wanted = (accept ?? "*/*")
    .split(",")
    .map((part) => {
      const [type = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
      const q = parameters.find((text) => text.startsWith("q="));
      return { type, q: q === undefined ? 1 : Number(q.slice(2)) };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { type } of wanted) {
    const found = FORMS.find(([name]) => type === "*/*" || type === name || type === `${name.split("/")[0]}/*`);
    if (found !== undefined) return found[1];
  }
  throw new HTTPException(406, { message: `no such form: there are ${FORMS.map(([type]) => type).join(", ")}` });
};

const formIn = (form: string | undefined, accept: string | undefined): Form => {
  if (form === undefined) return wantsEvents(accept) ? "json" : formFor(accept);
  const found = FORMS.find(([, name]) => name === form);
  if (found !== undefined) return found[1];
  throw fail("BadInput", { what: `form '${form}'`, fix: `there are ${FORMS.map(([, name]) => name).join(", ")}` });
};

/** What comes out may show what came in: nothing in it is run. */
export const NOTHING_RUNS = { "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:" };

export const addPeople = (app: Hono, service: Service): void => {
  app.post("/explain/:name", async (c) => {
    const { model } = servedIn(service, c.req.param("name"));
    const { input, files, said } = await sentIn(c);
    const { form: named, ...query } = { ...c.req.queries(), ...said };
    const asked = askedInQuery(query, ["form"], Object.keys(files));
    const form = formIn(named?.[0], c.req.header("Accept"));
    const task = { model, inputs: [input], files, asked, form };
    const { signal } = c.req.raw;
    if (wantsEvents(c.req.header("Accept"))) return toldOnTheWay(c, (progress) => explainIn(service, task, { signal, progress }));
    const { value, kept } = await explainIn(service, task, { signal });
    const file = value as File;
    return c.body(file.bytes as Uint8Array<ArrayBuffer>, 200, {
      "Content-Type": file.type,
      ...(form === "svg" || form === "html" ? NOTHING_RUNS : {}),
      "Cache-Control": "no-store",
      "X-Backlit-Cache": kept ? "hit" : "miss",
    });
  });
};
