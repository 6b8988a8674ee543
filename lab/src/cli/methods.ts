import type { Command } from "commander";
import pc from "picocolors";
import { defaultMethod, gradientsOf, methodNames, methods } from "../experiment/methods.js";
import { formatNumber } from "../report/format.js";
import { plainTable } from "../terminal/table.js";
import { wrapped } from "../terminal/width.js";

export function methodsCommand(command: Command): Command {
  return command.action(() => {
    process.stdout.write(`${renderMethods()}\n`);
  });
}

function renderMethods(): string {
  const rows = methodNames.map((name) => {
    const { label, hyperparameters, defaults } = methods[name];
    const settings = Object.entries(hyperparameters).map(([key, schema]) => {
      const fallback = schema.safeParse(undefined);
      const value = defaults[key] ?? fallback.data;
      return value === undefined ? key : `${key} ${value}`;
    });
    return [name, label, formatNumber(gradientsOf(defaultMethod(name)), 2), settings.join(", ")];
  });
  return [
    plainTable(
      ["method", "in tables", "gradients/step", "defaults"],
      ["left", "left", "right", "left"],
      rows,
    ),
    pc.dim(
      wrapped(
        "Gradients are those of the loss or of what is added to it, a Hessian-vector product counted as two; what hsr takes depends on network and samples, and a budget of gradients counts that. Penalties from trace to hsr-alternating are in closed form for networks whose parameters enter through smooth dense layers alone; elsewhere they are estimated from as many random vectors a step, but for largest-eigenvalue, which has exact products H·v of every network.",
      ),
    ),
  ].join("\n");
}
