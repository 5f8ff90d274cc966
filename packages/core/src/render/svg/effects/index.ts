/** Charts of what moved columns do: curves of single features, importances of all. */
export { type EffectCurve, effectChart } from "./effect-chart.ts";
export { type ImportanceBar, importanceChart } from "./importance-chart.ts";
