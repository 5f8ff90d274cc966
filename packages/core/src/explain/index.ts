export * from "./explainer.ts";
export * from "./ledger.ts";
