import { exactHessian, symmetricEigen, wsUpperBoundAndGradient } from "flatward";
import { matmul, type Tensor, tensor } from "flatward/tensor";
import { startThreads } from "flatward/threads";
import { problemOf, sizes } from "./sizes.js";
import type { Task } from "./tasks.js";

/** Each count in a process of its own, by the clock: one thread, which starts none, is the unit. */
function onThreads(group: string, setUp: () => () => unknown): Task[] {
  return [1, 2].map((count) => ({
    group: `threads ${group}`,
    name: count === 1 ? "one thread" : `${count} threads`,
    isUnit: count === 1,
    async setUp() {
      if (count > 1) await startThreads(count);
      return setUp();
    },
  }));
}

const square = (): Tensor =>
  tensor(
    Float64Array.from({ length: 512 * 512 }, (_, i) => Math.sin(i)),
    [512, 512],
  );

export const threadTasks: readonly Task[] = [
  ...onThreads("product 512²", () => {
    const [a, b] = [square(), square()];
    return () => matmul(a, b);
  }),
  ...onThreads("WS gradient S3", () => {
    const { net, theta, batch } = problemOf(sizes.S3);
    return () => wsUpperBoundAndGradient(net, theta, batch);
  }),
  ...onThreads("Hessian S3", () => {
    const { net, theta, batch } = problemOf(sizes.S3);
    return () => exactHessian(net, theta, batch);
  }),
  ...onThreads("eigenvalues S3", () => {
    const { net, theta, batch } = problemOf(sizes.S3);
    const hessian = exactHessian(net, theta, batch);
    return () => symmetricEigen(hessian);
  }),
];
