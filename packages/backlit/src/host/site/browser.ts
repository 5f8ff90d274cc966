/** The system's own way to open an address. */
import { spawn } from "node:child_process";
import { platform } from "node:os";

const COMMANDS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Where nothing opens it, the address has been printed. */
export const openInBrowser = (address: string): void => {
  const [command, ...words] = COMMANDS[platform()] ?? ["xdg-open"];
  const child = spawn(command, [...words, address], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
};
