import { autodiffTasks } from "./autodiff.js";
import { cheapStepTasks } from "./cheap-steps.js";
import { convolutionTasks } from "./convolution.js";
import { deepTasks } from "./depth.js";
import { estimateTasks } from "./estimates.js";
import { explainTasks } from "./explain.js";
import { growthTasks } from "./growth.js";
import { landscapeTasks } from "./landscape.js";
import { productTasks } from "./product.js";
import { regularizerTasks } from "./regularizers.js";
import { stepTasks } from "./steps.js";
import { sweepTasks } from "./sweep.js";
import { closedFormTasks, type Task } from "./tasks.js";
import { threadTasks } from "./threads.js";

/** Every benchmark, in the order of the table. */
export const tasks: readonly Task[] = [
  ...closedFormTasks,
  ...productTasks,
  ...threadTasks,
  ...deepTasks,
  ...explainTasks,
  ...growthTasks,
  ...regularizerTasks,
  ...landscapeTasks,
  ...autodiffTasks,
  ...convolutionTasks,
  ...estimateTasks,
  ...stepTasks,
  ...cheapStepTasks,
  ...sweepTasks,
];
