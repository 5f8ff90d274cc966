import type { Register } from "./command.ts";
export const conformCommand: Register = () => {};
