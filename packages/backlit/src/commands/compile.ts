import type { Register } from "./command.ts";
export const compileCommand: Register = () => {};
