import { signal } from "@preact/signals";
import { take } from "../state/session.js";

/** Whether a file is held over the page. */
export const dragging = signal(false);

/** A file may be dropped anywhere. */
export function acceptDrops(target: Window): void {
  target.addEventListener("dragover", (event) => {
    event.preventDefault();
    dragging.value = true;
  });
  target.addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) dragging.value = false;
  });
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    dragging.value = false;
    const [given] = event.dataTransfer?.files ?? [];
    if (given) void take(given);
  });
}
