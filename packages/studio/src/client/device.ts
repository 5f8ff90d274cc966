/** What this browser can compute with. */
import type { EngineChoice } from "../worker/messages.ts";

/** What a browser says of itself. */
export interface Browser {
  readonly isolated: boolean;
  readonly cores: number;
  readonly userAgent: string;
  readonly touchPoints: number;
}

/** Phones and tablets of Apple end pages that take more memory, and threads cost it; tablets call themselves Macintosh. */
const isIos = ({ userAgent, touchPoints }: Browser): boolean =>
  /iPad|iPhone|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);

const here = (): Browser => ({
  isolated: crossOriginIsolated,
  cores: navigator.hardwareConcurrency,
  userAgent: navigator.userAgent,
  touchPoints: navigator.maxTouchPoints,
});

/** One where the page is not isolated from others, since threads share memory. */
export const mostThreads = (browser: Browser = here()): number =>
  browser.isolated && !isIos(browser) ? Math.max(1, Math.min(8, browser.cores)) : 1;

/** Half of the cores, at most four. */
const usualThreads = (): number => Math.max(1, Math.min(4, Math.floor(mostThreads() / 2)));

export const hasGraphics = (): boolean => "gpu" in navigator;

export const usualEngine = (): EngineChoice => ({ device: "wasm", threads: usualThreads() });
