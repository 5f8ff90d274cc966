/** The style sheet of the report of an evaluation, beside the rules all pages share. */
import { EVALUATION_MARKS } from "./marks.ts";
import page from "./page.css?raw";

export const EVALUATION_STYLE: string = EVALUATION_MARKS + page;
