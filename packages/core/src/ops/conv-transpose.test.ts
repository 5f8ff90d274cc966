/**
 * ConvTranspose in all its geometry: pads, auto_pad written out or not, output_shape, output_padding, strides, dilations, groups. The
 * runtime decides which there are and what they compute; the gradient for map and kernel is that of differences.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { holds } from "../../test/support/holds.ts";
import { sessionOf } from "../../test/support/run.ts";
import { checkDerivative, feedsOf, net } from "../../test/support/vjp.ts";

const AUTO = ["absent", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"];

const axis = fc.record({
  size: fc.integer({ min: 1, max: 4 }),
  kernel: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  begin: fc.integer({ min: 0, max: 2 }),
  end: fc.integer({ min: 0, max: 2 }),
  extra: fc.integer({ min: 0, max: 2 }),
  /** Of output_shape, from what plain padding of 0 gives. */
  change: fc.integer({ min: -2, max: 2 }),
});

const form = fc.record({
  axes: fc.array(axis, { minLength: 1, maxLength: 2 }),
  auto: fc.constantFrom(...AUTO),
  sized: fc.boolean(),
  padded: fc.boolean(),
  extra: fc.boolean(),
  groups: fc.constantFrom(1, 2),
});
type Form = typeof form extends fc.Arbitrary<infer T> ? T : never;

const attributes = ({ axes, auto, sized, padded, extra, groups }: Form): string => {
  const list = (of: (a: Form["axes"][number]) => number) => `[${axes.map(of).join()}]`;
  return [
    `group=${groups}`,
    `strides=${list((a) => a.stride)}`,
    `dilations=${list((a) => a.dilation)}`,
    auto === "absent" ? undefined : `auto_pad="${auto}"`,
    padded ? `pads=[${[...axes.map((a) => a.begin), ...axes.map((a) => a.end)].join()}]` : undefined,
    extra ? `output_padding=${list((a) => Math.min(a.extra, Math.max(a.stride, a.dilation) - 1))}` : undefined,
    sized
      ? `output_shape=${list((a) => Math.max(1, (a.size - 1) * a.stride + a.dilation * (a.kernel - 1) + 1 + a.change))}`
      : undefined,
  ]
    .filter(Boolean)
    .join(", ");
};

const textOf = (given: Form): { text: string; inputs: string } => {
  const dims = (lead: string, of: (a: Form["axes"][number]) => number) => `float[${lead},${given.axes.map(of).join()}]`;
  const inputs = `${dims("2,2", (a) => a.size)} x, ${dims(`2,${2 / given.groups}`, (a) => a.kernel)} w`;
  return { inputs, text: net(inputs, `z = ConvTranspose <${attributes(given)}> (x, w)`) };
};

test("the gradient for map and kernel, wherever the runtime takes the form", async () => {
  let taken = 0;
  const check = async (given: Form) => {
    const { text, inputs } = textOf(given);
    const feeds = feedsOf(inputs);
    const accepted = await sessionOf(text).then(
      async (session) => {
        await using open = session;
        return (await open.run(feeds).catch(() => undefined))?.y;
      },
      () => undefined,
    );
    if (accepted === undefined || accepted.data.length === 0) return;
    taken++;
    await checkDerivative(text, feeds, { h: 0.25, tolerance: 1e-5 });
  };
  await holds(form, check, 150);
  expect(taken).toBeGreaterThan(60);
});
