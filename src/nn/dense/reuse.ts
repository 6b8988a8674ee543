import { reusing } from "../../tensor/scratch.js";
import type { Network } from "../network.js";

/**
 * Runs what a public function does once, in memory kept from call to call. Not where an activation or a loss is of the
 * caller's own, which may call whatever it likes meanwhile.
 */
export function reusingScratch<Result>(net: Pick<Network, "closedForm">, run: () => Result): Result {
  return hasOnlyBuiltIns(net) ? reusing(run) : run();
}

function hasOnlyBuiltIns(net: Pick<Network, "closedForm">): boolean {
  // What is no network is refused by what runs.
  const closedForm = net?.closedForm;
  if (!closedForm) return false;
  const { loss, layers } = closedForm;
  return typeof loss === "string" && layers.every(({ activation }) => typeof activation === "string");
}

type LossOn = Network["lossOn"];

/** Those that let go of whatever they make. */
const forgetful = new WeakSet<LossOn>();

/** Says that nothing is kept of a loss but by whoever asked for it. */
export function forgetfulLossOn(lossOn: LossOn): LossOn {
  forgetful.add(lossOn);
  return lossOn;
}

/** Whether losses of the network are our own code, and let go of whatever they make. */
export function hasForgetfulLoss(net: Pick<Network, "lossOn">): boolean {
  return forgetful.has(net?.lossOn);
}

/** `reusingScratch` for what asks the network for a loss: one of the caller's own may keep it for the next call. */
export function reusingScratchForLoss<Result>(
  net: Pick<Network, "closedForm" | "lossOn">,
  run: () => Result,
): Result {
  return runsNoUserCode(net) ? reusing(run) : run();
}

/** Whether no code of the caller's runs while the network is evaluated, and nothing is kept of what that makes. */
export function runsNoUserCode(net: Pick<Network, "closedForm" | "lossOn">): boolean {
  return hasForgetfulLoss(net) && hasOnlyBuiltIns(net);
}
