import type { Network } from "flatward";
import type { RunConfig } from "./config.js";
import type { Method } from "./method.js";
import { gradientsOf, type MethodConfig, methods, settingsOf } from "./methods.js";

/** What a step takes in gradients on average, and over how many steps the average is. */
export function stepsOfMethod(
  net: Network,
  { method, training: { batchSize } }: Pick<RunConfig, "method" | "training">,
  count: number,
): { readonly gradients: number; readonly every: number } {
  const { stepsOn }: Method = methods[method.name];
  const settings = settingsOf(method as MethodConfig);
  return (
    stepsOn?.(net, settings, count, batchSize === "full" ? undefined : batchSize) ?? {
      gradients: gradientsOf(method as MethodConfig),
      every: Number(settings.every ?? settings.period ?? 1),
    }
  );
}
