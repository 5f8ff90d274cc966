/** What a visitor drops on the page. */
import type { Page } from "playwright-core";
import { ask } from "../browser.ts";

/** Files as the system drops them; they come by base64. */
export const drop = (page: Page, files: Readonly<Record<string, Uint8Array>>): Promise<unknown> => {
  const texts = Object.fromEntries(Object.entries(files).map(([name, data]) => [name, Buffer.from(data).toString("base64")]));
  return ask(
    page,
    `{ const carried = new DataTransfer();
       for (const [name, text] of Object.entries(${JSON.stringify(texts)}))
         carried.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
       window.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true })); }`,
  );
};
