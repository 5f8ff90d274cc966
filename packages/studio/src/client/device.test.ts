import { expect, test } from "vitest";
import { mostThreads } from "./device.ts";

const desktop = { isolated: true, cores: 12, userAgent: "Mozilla/5.0 (X11; Linux x86_64)", touchPoints: 0 };

test.each([
  [8, desktop],
  [2, { ...desktop, cores: 2 }],
  [1, { ...desktop, isolated: false }],
  [1, { ...desktop, userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", touchPoints: 5 }],
  [1, { ...desktop, userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", touchPoints: 5 }],
  [8, { ...desktop, userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)" }],
])("%i threads at most", (most, browser) => {
  expect(mostThreads(browser)).toBe(most);
});
