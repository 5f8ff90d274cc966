/** A bucket of S3 or of what speaks like it (MinIO, R2, …): requests signed by aws4fetch. */
import { fail } from "@backlit/core";
import { AwsClient } from "aws4fetch";
import type { Objects } from "./objects.ts";

/** As the tools of AWS read them. */
export interface S3Access {
  readonly AWS_ACCESS_KEY_ID?: string;
  readonly AWS_SECRET_ACCESS_KEY?: string;
  readonly AWS_SESSION_TOKEN?: string;
  /** Of other than Amazon's: http://127.0.0.1:9000 */
  readonly AWS_ENDPOINT_URL_S3?: string;
  readonly AWS_ENDPOINT_URL?: string;
  readonly AWS_REGION?: string;
  readonly AWS_DEFAULT_REGION?: string;
}

const SECONDS = 60;

/** `place`: s3://bucket/prefix. Errors: Usage without keys. */
export const s3Objects = (place: string, access: S3Access): Objects => {
  const { hostname: bucket, pathname } = new URL(place);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = access;
  if (!accessKeyId || !secretAccessKey)
    throw fail("Usage", { what: "no keys", where: place, fix: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" });
  const region = access.AWS_REGION ?? access.AWS_DEFAULT_REGION ?? "us-east-1";
  const endpoint = access.AWS_ENDPOINT_URL_S3 ?? access.AWS_ENDPOINT_URL;
  const base =
    endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint.replace(/\/$/, "")}/${bucket}`;
  // Repeating is done by whoever uses the store, for every kind of it.
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    region,
    service: "s3",
    retries: 0,
    ...(sessionToken && { sessionToken }),
  });
  const prefix = pathname.replace(/^\/+|\/+$/g, "");
  const address = (name: string) =>
    `${base}/${[...prefix.split("/"), ...name.split("/")].filter(Boolean).map(encodeURIComponent).join("/")}`;

  const ask = async (name: string, init: RequestInit, fine: readonly number[]): Promise<Response> => {
    const unreachable = (why: string, cause?: unknown) =>
      fail("Store", { what: "the store does not answer", where: place, why }, cause);
    let response: Response;
    try {
      response = await client.fetch(address(name), { ...init, signal: AbortSignal.timeout(SECONDS * 1000) });
    } catch (error) {
      throw unreachable(error instanceof Error ? String(error.cause ?? error.message) : String(error), error);
    }
    if (response.ok || fine.includes(response.status)) return response;
    const [, code = ""] = /<Code>(\w+)<\/Code>/.exec(await response.text()) ?? [];
    throw unreachable(`${response.status} ${code}`.trim());
  };
  const body = (bytes: Uint8Array): RequestInit => ({ method: "PUT", body: bytes as Uint8Array<ArrayBuffer> });
  return {
    place,
    get: async (name) => {
      const response = await ask(name, {}, [404]);
      if (response.status === 404) {
        // A bucket that is not there is no empty one.
        if ((await response.text()).includes("NoSuchBucket"))
          throw fail("Store", { what: "no such bucket", where: place, fix: "create it" });
        return undefined;
      }
      return new Uint8Array(await response.arrayBuffer());
    },
    put: async (name, bytes) => void (await (await ask(name, body(bytes), [])).arrayBuffer()),
    create: async (name, bytes) => {
      const response = await ask(name, { ...body(bytes), headers: { "if-none-match": "*" } }, [409, 412]);
      await response.arrayBuffer();
      return response.ok;
    },
    has: async (name) => (await ask(name, { method: "HEAD" }, [404])).status !== 404,
  };
};
