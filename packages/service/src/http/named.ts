/** Files that a request names are those it brings: none of the server's is opened for it. */
import { fail } from "@backlit/core";
import { pairIn } from "@backlit/workbench";
import type { Asked } from "../work/messages.ts";

const BEFORE_FILE = /(?:^pair|@mask):(.+)$/s;

/** `sent`: names of what came with the request; undefined for doors that take no files. Errors: BadInput; Usage for a pair beside other targets. */
export const checkNamed = ({ target = [], references, groups, labels }: Asked, sent?: readonly string[]): void => {
  pairIn(target);
  const named = target.flatMap((one) => {
    const file = BEFORE_FILE.exec(one)?.[1];
    return file === undefined ? [] : [{ what: `target '${one}'`, file }];
  });
  for (const [key, file] of Object.entries({ references, groups, labels }))
    if (typeof file === "string") named.push({ what: `${key} '${file}'`, file }); // columns by their names are no file
  const missing = named.find(({ file }) => !sent?.includes(file));
  if (missing === undefined) return;
  throw fail("BadInput", {
    what: missing.what,
    why: sent === undefined ? "this door takes no files beside the input" : "no such file came with the request",
    fix: `post a form to /explain/NAME: curl -F input=@INPUT -F file=@${missing.file.split("/").at(-1)}`,
  });
};
