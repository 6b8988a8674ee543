import { explainCommand } from "./explain/command.js";
import { filtersCommand } from "./filters/command.js";
import { frameworkCommand } from "./framework/command.js";
import { sliceCommand } from "./slice/command.js";
import { spectrumCommand } from "./spectrum/command.js";
import type { Study } from "./study.js";
import { tightnessCommand } from "./tightness/command.js";
import { verifyCommand } from "./verify/command.js";

/** Every study: all that the program and the reports know of them. A new one is a folder and a row. */
export const studies: readonly Study[] = [
  { command: spectrumCommand },
  { command: explainCommand },
  { command: sliceCommand },
  { command: verifyCommand },
  { command: tightnessCommand, chapter: () => import("./tightness/chapter.js") },
  { command: filtersCommand, chapter: () => import("./filters/chapter.js") },
  { command: frameworkCommand, chapter: () => import("./framework/chapter.js") },
];
