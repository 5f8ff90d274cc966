/** The content security policy, in the page itself: it holds wherever the files are put. Development needs scripts of its own. */
import type { Plugin } from "vite";

/** Nothing from elsewhere, no inline script or style; WebAssembly is compiled; pictures and downloads are made in the page. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "img-src 'self' blob: data:",
  "connect-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
].join("; ");

export const policy = (): Plugin => ({
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
  ],
});
