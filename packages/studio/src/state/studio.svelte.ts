/** What the page knows: what is explained and how, what is shown, what is going on. */
import type { Recipe } from "@backlit/core";
import { Client } from "../client/client.ts";
import { asTrouble, Trouble } from "../client/trouble.ts";
import { type Look, USUAL_LOOK } from "../draw/look.ts";
import { type Example, exampleNamed, examples } from "../examples/list.ts";
import { bundledModel, inputOf, modelOf, shownStored, storedOf } from "../examples/open.ts";
import type { Dropped } from "../files/dropped.ts";
import { givenFiles } from "../files/given.ts";
import { inputAt, modelAt } from "../files/site.ts";
import { AGREEMENT, differenceOf } from "../shown/agree.ts";
import { type Chosen, type Edits, NOTHING } from "../shown/chosen.ts";
import type { Flipped } from "../shown/flipped.ts";
import type { Shown } from "../shown/shown.ts";
import type { Stored } from "../shown/stored.ts";
import { words } from "../words/english.ts";
import type { Card, EngineChoice, ExplainAsk, InputSource, ModelSource } from "../worker/messages.ts";
import { queryOf, readAddress } from "./address.ts";
import { Steps } from "./steps.svelte.ts";

/** Whether the numbers on the page were made in it. */
export type Made = "stored" | "live" | "agrees";

/** The bundled model that reads digits. */
const DIGITS = "digits";

/** Dark and light pages have colours of their own. */
const usualLook = (): Look => ({
  ...USUAL_LOOK,
  colours: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
});

export class Studio {
  readonly client = new Client();
  example = $state<Example>();
  model = $state.raw<ModelSource>();
  modelName = $state("");
  input = $state.raw<InputSource>();
  /** Where several were given: all of them. */
  inputs = $state.raw<readonly InputSource[]>([]);
  /** What is chosen; steps of it can be taken back. */
  readonly steps = new Steps<Chosen>(NOTHING);
  look = $state<Look>(usualLook());
  cards = $state.raw<readonly Card[]>([]);
  shown = $state.raw<Partial<Shown>>();
  /** What the live result on the page answers. */
  answered = $state.raw<ExplainAsk>();
  /** Of the map on the page, where it was put to the test. */
  flipped = $state.raw<Flipped>();
  made = $state<Made>("live");
  /** Of a live result from the stored one, where there is one. */
  difference = $state<number>();
  progress = $state<string>();
  trouble = $state.raw<Trouble>();
  /** Single keys do something. */
  keys = $state(true);
  engine = $state.raw<EngineChoice>(this.client.engine);
  #cardsComing: Promise<void> | undefined;
  #stored: Stored | undefined;
  #asked = 0;
  #beside = 0;
  /** What was answered is no longer what is chosen. */
  #again = false;
  /** What of the address says what is open. */
  #open: Readonly<Record<string, string>> = $state.raw({});
  /** Of an input that the command named. */
  #path: string | undefined;

  get way(): string {
    return this.steps.now.way;
  }
  get target(): string | undefined {
    return this.steps.now.target;
  }
  get edits(): Edits {
    return this.steps.now.edits;
  }

  get choice(): ExplainAsk["choice"] {
    const card = this.cards.find(({ name }) => name === this.way);
    if (card === undefined) return {};
    return card.kind === "composite" ? { composite: card.name } : { method: card.name };
  }

  /** The first example is drawn from its stored result while the runtime is on its way. */
  async start(): Promise<void> {
    const address = readAddress(location.search);
    Object.assign(this.look, address.look);
    const usual = address.chosen.way === "" && Object.keys(address.chosen.edits).length === 0;
    if (!usual) await this.#knowCards();
    if (address.given) await this.#given(address.chosen);
    else if (address.model !== undefined) await this.#named(address.model, address);
    else await this.open(exampleNamed(address.example ?? "") ?? examples[0]!, address.chosen);
    await this.#knowCards();
  }

  /** Asks the worker, once: it starts after what is drawn without it. */
  #knowCards(): Promise<void> {
    this.#cardsComing ??= this.client.ask("cards", {}).then((all) => {
      this.cards = all;
    });
    return this.#cardsComing;
  }

  async open(example: Example, chosen: Chosen = NOTHING): Promise<void> {
    const turn = this.#turn();
    this.example = example;
    this.steps.begin(chosen);
    this.#stored = undefined;
    this.model = modelOf(example);
    this.modelName = example.model;
    this.#open = { example: example.id };
    this.input = undefined;
    this.inputs = [];
    this.#path = undefined;
    this.progress = words.loading;
    try {
      const [coming, stored] = [inputOf(example), isUsual(chosen) ? storedOf(example) : undefined] as const;
      await Promise.all([coming, this.#drawn(stored, turn)]);
      if (turn !== this.#asked) return;
      this.input = await coming;
      void this.explain();
    } catch (error) {
      if (turn === this.#asked) this.#fail(error);
    }
  }

  /** A stored result, as soon as it is there. */
  async #drawn(coming: Promise<Stored | undefined> | undefined, turn: number): Promise<void> {
    const stored = await coming;
    const shown = stored && (await shownStored(stored));
    if (turn !== this.#asked) return;
    this.answered = undefined;
    this.shown = shown;
    if (shown) this.made = "stored";
    this.#stored = stored;
  }

  /** What the command that serves the page was given. */
  async #given(chosen: Chosen): Promise<void> {
    const { model, name, input, path } = await givenFiles();
    Object.assign(this, { model, modelName: name, input });
    this.#path = path;
    this.#open = { open: "" };
    this.steps.begin(chosen);
    void this.explain();
  }

  /** Places of this site. */
  async #named(place: string, { chosen, input, text }: ReturnType<typeof readAddress>): Promise<void> {
    this.steps.begin(chosen);
    try {
      this.model = modelAt(place);
      this.modelName = place;
      this.#open = { model: place, ...(input !== undefined && { input }), ...(text !== undefined && { text }) };
      this.input = text !== undefined ? { text } : input === undefined ? undefined : await inputAt(input);
      await this.explain();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Files of the user's own: a model, inputs, or both. */
  take({ model, inputs, labels }: Dropped): void {
    if (labels && this.model) {
      this.#name(this.model, labels);
      return;
    }
    const [first] = inputs;
    this.#stored = undefined;
    this.example = undefined;
    this.#open = model || this.#open.model === undefined ? {} : { model: this.#open.model };
    if (model) {
      this.model = model;
      this.modelName = "files" in model ? (Object.keys(model.files).find((path) => /\.onnx$/i.test(path)) ?? "") : "";
      this.steps.begin(NOTHING);
      if (!first) this.input = undefined;
      this.shown = undefined;
      this.answered = undefined;
    } else this.steps.begin({ way: this.way, edits: this.edits });
    if (first) {
      this.inputs = inputs.length > 1 ? inputs : [];
      this.show(first);
    } else if (this.input) void this.explain();
    else this.trouble = undefined;
  }

  /** Other names for the classes of the model that is open. */
  #name(model: ModelSource, labels: File): void {
    this.model = { ...model, labels, key: `${model.key}, ${labels.name} ${labels.lastModified}` };
    this.#stored = undefined;
    void this.explain();
  }

  /** One of several inputs. */
  show(input: InputSource): void {
    this.input = input;
    this.#path = undefined;
    void this.explain();
  }

  /** What was drawn on the pad, with the model that reads digits. */
  draw(input: InputSource): void {
    if (this.modelName !== DIGITS) {
      this.model = bundledModel(DIGITS);
      this.modelName = DIGITS;
      this.steps.begin(NOTHING);
      this.#stored = undefined;
    }
    this.example = undefined;
    this.inputs = [];
    this.#open = { model: DIGITS };
    this.show(input);
  }

  /** The input with parts erased; what is chosen stays. */
  brush(input: InputSource): void {
    const explained = this.shown?.classes?.find((one) => one.explained);
    // The class stays the question, even where it no longer wins.
    if (this.target === undefined && explained) this.steps.to({ ...this.steps.now, target: String(explained.index) });
    this.example = undefined;
    this.#stored = undefined;
    this.#open = this.#open.model === undefined ? {} : { model: this.#open.model };
    this.show(input);
  }

  /** The number of a question that is asked beside those of the page. */
  nextTurn(): number {
    return --this.#beside;
  }

  explainClass(target: number | string): void {
    this.#choose({ ...this.steps.now, target: String(target) });
  }

  choose(way: string): void {
    const { target } = this;
    this.#choose({ way, edits: {}, ...(target !== undefined && { target }) });
  }

  edit(edits: Edits): void {
    this.#choose({ ...this.steps.now, edits });
  }

  /** As a slider moves: one step for all of it, one question at a time. */
  slide(edits: Edits): void {
    this.steps.slide({ ...this.steps.now, edits });
    if (this.progress !== undefined) this.#again = true;
    else void this.explain();
  }

  undo(): void {
    if (this.steps.back()) void this.explain();
  }

  redo(): void {
    if (this.steps.on()) void this.explain();
  }

  compute(engine: EngineChoice): void {
    this.stop();
    this.engine = engine;
    this.client.engine = engine;
    void this.explain();
  }

  #choose(chosen: Chosen): void {
    this.steps.to(chosen);
    void this.explain();
  }

  /** The picture is drawn otherwise than the page does it by itself; stripes are the page's own. */
  get drawnOtherwise(): boolean {
    const [now, usual] = [this.look, usualLook()];
    return (Object.keys(usual) as (keyof Look)[]).some((key) => key !== "stripes" && now[key] !== usual[key]);
  }

  /** The query that opens this view again. */
  get query(): string {
    return queryOf(this.#open, this.steps.now, this.look, usualLook());
  }

  /** The last question counts: a worker answers in turn, older answers are dropped. */
  async explain(): Promise<void> {
    const { model, input, choice, target, edits } = this;
    if (!model || !input) return;
    void this.#knowCards();
    const turn = this.#turn();
    this.#again = false;
    this.progress = words.working;
    try {
      const asked: ExplainAsk = { turn, model, input, choice: { ...choice }, edits, ...(target !== undefined && { target }) };
      const shown = await this.client.ask("explain", asked, (text) => {
        if (turn === this.#asked) this.progress = text;
      });
      if (turn !== this.#asked) return;
      this.#show(shown);
      this.answered = asked;
      if (this.#again) void this.explain();
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

  /** Tells what went wrong beside the map. */
  tell(error: unknown): void {
    this.#fail(error);
  }

  #turn(): number {
    this.trouble = undefined;
    return ++this.#asked;
  }

  #show(shown: Shown): void {
    const stored = this.#stored?.hash === shown.hash ? this.#stored : undefined;
    this.difference = stored === undefined ? undefined : differenceOf(stored, shown);
    const agrees = this.difference !== undefined && this.difference <= AGREEMENT;
    this.#stored = undefined;
    this.shown = shown;
    this.flipped = undefined;
    this.made = agrees ? "agrees" : "live";
    this.progress = undefined;
  }

  #fail(error: unknown): void {
    this.progress = undefined;
    if (error instanceof Trouble && error.tag === "Aborted") return;
    this.trouble = asTrouble(error);
  }
}

const isUsual = ({ way, target, edits }: Chosen): boolean =>
  way === "" && target === undefined && Object.keys(edits).length === 0;
