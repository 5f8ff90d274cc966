/** What this browser can compute with. */
import type { EngineChoice } from "../worker/messages.ts";

/** Phones and tablets of Apple kill pages that take more memory; their threads cost it. */
const isIos = (): boolean =>
  /iPad|iPhone|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

/** One thread where the page is not isolated from others, since threads share memory. */
export const mostThreads = (): number =>
  crossOriginIsolated && !isIos() ? Math.max(1, Math.min(8, navigator.hardwareConcurrency)) : 1;

/** Half of the cores, at most four. */
export const usualThreads = (): number => Math.max(1, Math.min(4, Math.floor(mostThreads() / 2)));

export const hasGraphics = (): boolean => "gpu" in navigator;

export const usualEngine = (): EngineChoice => ({ device: "wasm", threads: usualThreads() });
