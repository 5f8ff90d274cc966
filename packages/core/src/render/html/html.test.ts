import { expect, test } from "vitest";
import { html, joinHtml, raw } from "./html.ts";

test("what stands in the tag is escaped, HTML and its lists are not, nothing leaves nothing", () => {
  const bad = `<b title="'&">`;
  const item = (text: string) => html`<li>${text}</li>`;
  expect(String(html`<p title="${bad}">${bad}${3}</p>`)).toBe(
    `<p title="&lt;b title=&quot;&#39;&amp;&quot;&gt;">&lt;b title=&quot;&#39;&amp;&quot;&gt;3</p>`,
  );
  expect(String(html`<ul>${[item("a"), item(bad)]}${undefined}${false}</ul>${raw("<hr>")}`)).toBe(
    `<ul><li>a</li><li>&lt;b title=&quot;&#39;&amp;&quot;&gt;</li></ul><hr>`,
  );
  expect(String(joinHtml([item("a"), item("<")], ", "))).toBe("<li>a</li>, <li>&lt;</li>");
  // A text in a list is a text.
  expect(String(html`${["<", "a"]}`)).toBe("&lt;a");
});
