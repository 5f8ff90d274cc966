/** A chunk of its own: few explanations are drawn row by row. */
export { chartsOfRows } from "@backlit/workbench";
