/** Pages and figures made of results: what an evaluation found, in words and charts. */
export { type EvaluationFigureOptions, evaluationFigure } from "./evaluation/figure.ts";
export { type EvaluationPage, evaluationPage } from "./evaluation/page.ts";
export { settingViews } from "./evaluation/view.ts";
export { type Verdict, verdictOf } from "./evaluation/words.ts";
