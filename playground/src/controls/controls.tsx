import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { dataNames, dataSets } from "../settings/data-sets.js";
import { methodNames, methods } from "../settings/methods.js";
import { hiddenChoices, wrongChoices } from "../settings/settings.js";
import { change, restart, stepOnce, take, togglePlaying } from "../state/session.js";
import { cursor, file, finished, playing, problem, settings } from "../state/state.js";
import { Choice } from "./choice.js";
import { Share } from "./share.js";

/** One line of what can be chosen and done. */
export function Controls(): JSX.Element {
  const picker = useRef<HTMLInputElement>(null);
  const { data, hidden, method, strength, wrong } = settings.value;
  return (
    <div class="controls">
      <Choice
        label="Data"
        value={data}
        options={dataNames.map((name) => [
          name,
          name === "csv" ? (file.value?.name ?? "your CSV …") : dataSets[name].title,
        ])}
        choose={(chosen) => (chosen === "csv" ? picker.current?.click() : change({ data: chosen }))}
      />
      <Choice
        label="Hidden units"
        value={hidden}
        options={hiddenChoices.map((value) => [value, `${value}`])}
        choose={(chosen) => change({ hidden: chosen })}
      />
      <Choice
        label="Against descent"
        value={method}
        options={methodNames.map((name) => [name, methods[name].title])}
        choose={(chosen) => change({ method: chosen })}
      />
      <Choice
        label="Strength"
        value={strength}
        options={methods[method].strengths.map((value) => [value, `${value}`])}
        choose={(chosen) => change({ strength: chosen })}
      />
      <Choice
        label="Wrong labels"
        value={wrong}
        options={wrongChoices.map((value) => [value, `${Math.round(100 * value)} %`])}
        choose={(chosen) => change({ wrong: chosen })}
      />
      <div class="buttons">
        <button type="button" class="primary" onClick={togglePlaying} disabled={problem.value === undefined}>
          {playing.value ? "Pause" : finished.value && cursor.value === undefined ? "Replay" : "Play"}
        </button>
        <button type="button" onClick={stepOnce} disabled={finished.value && cursor.value === undefined}>
          Step
        </button>
        <button type="button" onClick={restart}>
          Restart
        </button>
        <Share />
      </div>
      <input
        ref={picker}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        hidden
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          if (chosen) void take(chosen);
          currentTarget.value = "";
        }}
      />
    </div>
  );
}
