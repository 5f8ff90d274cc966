/** A map put to the test: parts of the input go in its order, step by step. */
import type { Client } from "../client/client.ts";
import { asTrouble, Trouble } from "../client/trouble.ts";
import type { FlipOrder, Flipped } from "../shown/flipped.ts";
import type { ExplainAsk } from "../worker/messages.ts";

/** Milliseconds a step is shown. */
const STEP = 320;

export class Playing {
  data = $state.raw<Flipped>();
  order = $state<FlipOrder>("mif");
  step = $state(0);
  running = $state(false);
  imputer = $state("");
  progress = $state<string>();
  trouble = $state.raw<Trouble>();
  readonly #client: Client;
  readonly #asked: ExplainAsk;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `imputer`: what stands in for what goes. */
  constructor(client: Client, asked: ExplainAsk, imputer: string) {
    this.imputer = imputer;
    this.#client = client;
    this.#asked = asked;
  }

  get last(): number {
    return (this.data?.shares.length ?? 1) - 1;
  }

  /** What the score is now. */
  get score(): number {
    return this.data?.curves[this.order][this.step] ?? Number.NaN;
  }

  /** Asks the model where nobody has yet, then plays from here, at the end from the start. */
  async play(): Promise<void> {
    if (!this.data && !(await this.#ask())) return;
    if (this.step >= this.last) this.step = 0;
    this.running = true;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (this.step < this.last) this.step++;
      if (this.step >= this.last) this.pause();
    }, STEP);
  }

  pause(): void {
    clearInterval(this.#timer);
    this.running = false;
  }

  to(step: number): void {
    this.pause();
    this.step = Math.max(0, Math.min(this.last, step));
  }

  async fill(imputer: string): Promise<void> {
    this.imputer = imputer;
    this.pause();
    if (this.data) await this.#ask();
  }

  async #ask(): Promise<boolean> {
    this.trouble = undefined;
    this.progress = "";
    const { imputer } = this;
    try {
      const data = await this.#client.ask("flip", { ...this.#asked, imputer }, (text) => {
        this.progress = text;
      });
      if (imputer === this.imputer) this.data = data;
      return true;
    } catch (error) {
      if (error instanceof Trouble && error.tag === "Aborted") return false;
      this.trouble = asTrouble(error);
      return false;
    } finally {
      this.progress = undefined;
    }
  }
}
