import { sharePanels } from "../tensor/product.js";

/** Has this thread multiply by itself, while others do pieces of their own. */
export function withOwnPanels<Result>(run: () => Result): Result {
  const panels = sharePanels(undefined);
  try {
    return run();
  } finally {
    sharePanels(panels);
  }
}
