// One task, named by its position, in a process of its own, so that its first call is a first call and peak memory is its own.
import { tasks } from "./all.js";
import { serve } from "./serve.js";

await serve(async ([position]) => {
  const { name, setUp } = tasks[Number(position)];
  return { [name]: await setUp() };
});
