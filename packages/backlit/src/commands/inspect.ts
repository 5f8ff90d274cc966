import type { Register } from "./command.ts";
export const inspectCommand: Register = () => {};
