import { reusing } from "../../tensor/room.js";
import type { Network } from "../network.js";

/**
 * Runs what a public function does once, in memory kept from call to call. Not where an activation or a loss is of the
 * caller's own, which may call whatever it likes meanwhile.
 */
export function reusingRoom<Result>(net: Pick<Network, "closedForm">, run: () => Result): Result {
  // What is no network is refused by what runs.
  const closedForm = net?.closedForm;
  const named =
    closedForm &&
    typeof closedForm.loss === "string" &&
    closedForm.layers.every(({ activation }) => typeof activation === "string");
  return named ? reusing(run) : run();
}
