import type { EngineApi } from "../engine/api.js";
import { createTrainer, type Trainer } from "../engine/trainer.js";
import { type Port, serve } from "./remote.js";

let trainer: Trainer | undefined;

function current(): Trainer {
  if (trainer === undefined) throw new Error("nothing was started");
  return trainer;
}

const api: EngineApi = {
  start(job) {
    trainer = createTrainer(job);
    return trainer.first;
  },
  train: (steps) => current().train(steps),
  regions: (theta) => current().regions(theta),
  losses: (grid) => current().losses(grid),
  eigenvector: (theta, index) => current().eigenvector(theta, index),
};

serve(self as unknown as Port, { ...api });
