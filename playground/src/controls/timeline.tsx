import type { JSX } from "preact";
import { scrubTo } from "../state/session.js";
import { settings, shown, shownPair, stride } from "../state/state.js";
import { count } from "../text/numbers.js";

/** All that was trained so far, to move through. */
export function Timeline(): JSX.Element {
  const step = shownPair.value?.[0].step ?? 0;
  return (
    <label class="timeline">
      <span>
        Step <b>{count(step)}</b> of {count(settings.value.steps)}
      </span>
      <input
        type="range"
        min={0}
        max={Math.ceil(settings.value.steps / stride.value)}
        value={Math.max(0, shown.value)}
        aria-valuetext={`step ${step}`}
        onInput={({ currentTarget }) => scrubTo(currentTarget.valueAsNumber)}
      />
    </label>
  );
}
