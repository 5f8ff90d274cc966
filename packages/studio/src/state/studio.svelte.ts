/** What the page knows: what is explained and how, what is shown, what is going on. */
import type { Recipe } from "@backlit/core";
import { Client, Trouble } from "../client/client.ts";
import { type Example, exampleNamed, examples } from "../examples/list.ts";
import { inputOf, modelOf, shownStored, storedOf } from "../examples/open.ts";
import type { Dropped } from "../files/dropped.ts";
import { type GivenFiles, givenFiles } from "../files/given.ts";
import { AGREEMENT, differenceOf } from "../shown/agree.ts";
import type { Shown } from "../shown/shown.ts";
import type { Stored } from "../shown/stored.ts";
import { words } from "../words/english.ts";
import type { Card, ExplainAsk, InputSource, ModelSource } from "../worker/messages.ts";

/** Whether the numbers on the page were made in it. */
export type Made = "stored" | "live" | "agrees";

export class Studio {
  readonly client = new Client();
  example = $state<Example>();
  model = $state.raw<ModelSource>();
  modelName = $state("");
  input = $state.raw<InputSource>();
  /** A card's name; empty for what the model's kind usually takes. */
  way = $state("");
  target = $state<string>();
  cards = $state.raw<readonly Card[]>([]);
  shown = $state.raw<Partial<Shown>>();
  /** What the live result on the page answers. */
  answered = $state.raw<ExplainAsk>();
  made = $state<Made>("live");
  progress = $state<string>();
  trouble = $state.raw<Trouble>();
  #stored: Stored | undefined;
  #asked = 0;
  /** Of an input that the command named. */
  #path: string | undefined;

  get choice(): ExplainAsk["choice"] {
    const card = this.cards.find(({ name }) => name === this.way);
    if (card === undefined) return {};
    return card.kind === "composite" ? { composite: card.name } : { method: card.name };
  }

  /** The first example is drawn from its stored result while the runtime is on its way. */
  async start(): Promise<void> {
    const asked = new URLSearchParams(location.search);
    if (asked.has("open")) this.#given(await givenFiles());
    else await this.open(exampleNamed(asked.get("example") ?? "") ?? examples[0]!);
    this.cards = await this.client.ask("cards", {});
  }

  async open(example: Example): Promise<void> {
    const turn = this.#turn();
    this.example = example;
    this.way = "";
    this.target = undefined;
    this.#stored = undefined;
    this.model = modelOf(example);
    this.modelName = example.model;
    this.progress = words.loading;
    const [input, stored] = await Promise.all([inputOf(example), storedOf(example)]);
    if (turn !== this.#asked) return;
    this.input = input;
    this.#path = undefined;
    if (stored) {
      this.shown = await shownStored(stored);
      this.made = "stored";
      this.#stored = stored;
      this.answered = undefined;
    } else this.shown = undefined;
    void this.explain();
  }

  /** What the command that serves the page was given. */
  #given({ model, name, input, path }: GivenFiles): void {
    this.model = model;
    this.modelName = name;
    this.input = input;
    this.#path = path;
    void this.explain();
  }

  /** Files of the user's own: a model, an input, or both. */
  take({ model, input }: Dropped): void {
    this.example = undefined;
    this.#stored = undefined;
    this.target = undefined;
    if (model) {
      this.model = model;
      this.modelName = "files" in model ? (Object.keys(model.files).find((path) => /\.onnx$/i.test(path)) ?? "") : "";
      this.way = "";
      if (!input) this.input = undefined;
      this.shown = undefined;
    }
    if (input) {
      this.input = input;
      this.#path = undefined;
    }
    if (this.input) void this.explain();
    else this.trouble = undefined;
  }

  explainClass(index: number | string): void {
    this.target = String(index);
    void this.explain();
  }

  choose(way: string): void {
    this.way = way;
    void this.explain();
  }

  /** The last question counts: a worker answers in turn, older answers are dropped. */
  async explain(): Promise<void> {
    const { model, input, choice, target } = this;
    if (!model || !input) return;
    const turn = this.#turn();
    this.progress = words.working;
    try {
      const asked: ExplainAsk = { turn, model, input, choice: { ...choice }, ...(target !== undefined && { target }) };
      const shown = await this.client.ask("explain", asked, (text) => {
        if (turn === this.#asked) this.progress = text;
      });
      if (turn !== this.#asked) return;
      this.#show(shown);
      this.answered = asked;
    } catch (error) {
      if (turn === this.#asked) this.#fail(error);
    }
  }

  /** What the command calls the input. */
  get inputName(): string {
    if (this.example && "file" in this.example.input) return `data/${this.example.input.file}`;
    if (!this.input) return "";
    if (this.#path !== undefined) return this.#path;
    return "text" in this.input ? this.input.text : this.input.name;
  }

  /** Undefined where it failed, and the page says why. */
  async compile(): Promise<Blob | undefined> {
    const { model, input, shown, target } = this;
    if (!model || !input || !shown?.recipe) return undefined;
    const turn = this.#turn();
    this.progress = words.working;
    try {
      const asked = { model, input, recipe: shown.recipe as Recipe, ...(target !== undefined && { target }) };
      const file = await this.client.ask("compile", asked, (text) => {
        if (turn === this.#asked) this.progress = text;
      });
      if (turn === this.#asked) this.progress = undefined;
      return file;
    } catch (error) {
      if (turn === this.#asked) this.#fail(error);
      return undefined;
    }
  }

  stop(): void {
    this.#turn();
    this.progress = undefined;
    this.client.stop();
  }

  #turn(): number {
    this.trouble = undefined;
    return ++this.#asked;
  }

  #show(shown: Shown): void {
    const stored = this.#stored?.hash === shown.hash ? this.#stored : undefined;
    const agrees = stored !== undefined && differenceOf(stored, shown) <= AGREEMENT;
    this.#stored = undefined;
    this.shown = shown;
    this.made = agrees ? "agrees" : "live";
    this.progress = undefined;
  }

  #fail(error: unknown): void {
    this.progress = undefined;
    if (error instanceof Trouble && error.tag === "Aborted") return;
    this.trouble = error instanceof Trouble ? error : new Trouble("Runtime", { what: String(error) });
  }
}
