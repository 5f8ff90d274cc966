/** A value whose changes can be taken back, and made again. */

const MOST = 100;

export class Steps<T> {
  #all: readonly T[] = $state.raw([]);
  #at = $state(0);
  #sliding = false;

  constructor(first: T) {
    this.#all = [first];
  }

  get now(): T {
    return this.#all[this.#at]!;
  }
  get canGoBack(): boolean {
    return this.#at > 0;
  }
  get canGoOn(): boolean {
    return this.#at < this.#all.length - 1;
  }

  /** Forgets what was before. */
  begin(first: T): void {
    this.#all = [first];
    this.#at = 0;
  }

  to(next: T): void {
    this.#sliding = false;
    this.#all = [...this.#all.slice(0, this.#at + 1), next].slice(-MOST);
    this.#at = this.#all.length - 1;
  }

  /** A change that goes on: it replaces the last one of its kind until another is made. */
  slide(next: T): void {
    if (!this.#sliding) this.to(next);
    else this.#all = [...this.#all.slice(0, this.#at), next];
    this.#sliding = true;
  }

  /** Whether there was one. */
  back(): boolean {
    this.#sliding = false;
    if (this.#at === 0) return false;
    this.#at--;
    return true;
  }

  on(): boolean {
    if (this.#at >= this.#all.length - 1) return false;
    this.#at++;
    return true;
  }
}
