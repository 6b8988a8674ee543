import { correlation } from "./correlation.js";
import { directions } from "./directions.js";
import type { Question } from "./question.js";
import { removal } from "./removal.js";
import { wrongLabels } from "./wrong-labels.js";

/** Every question of the study, in the order of the page. */
export const questions: readonly Question[] = [removal, wrongLabels, directions, correlation];
