/** Which store a name means. */
import { resolve } from "node:path";
import { fail } from "@backlit/core";
import { folderObjects } from "./folder.ts";
import type { Objects } from "./objects.ts";
import { type S3Access, s3Objects } from "./s3.ts";

/** `place`: a folder, or s3://bucket/prefix. Errors: Usage. */
export const openObjects = (place: string, access: S3Access = process.env): Objects => {
  if (place.startsWith("s3://")) return s3Objects(place, access);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(place))
    throw fail("Usage", { what: `a store ${place}`, fix: "name a folder, or s3://bucket/prefix" });
  return folderObjects(resolve(place));
};
