import type { JSX } from "preact";
import { presets } from "../settings/presets.js";
import { change } from "../state/session.js";
import { settings } from "../state/state.js";

/** Settings worth a look, and a word on the one that is shown. */
export function Presets(): JSX.Element {
  const now = JSON.stringify(settings.value);
  const current = presets.find((preset) => JSON.stringify(preset.settings) === now);
  return (
    <nav class="presets" aria-label="Settings worth a look">
      {presets.map((preset) => (
        <button
          key={preset.title}
          type="button"
          aria-pressed={preset === current}
          onClick={() => change(preset.settings)}
        >
          {preset.title}
        </button>
      ))}
      <p>{current?.about}</p>
    </nav>
  );
}
