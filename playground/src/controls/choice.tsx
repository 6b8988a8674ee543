import type { JSX } from "preact";

interface ChoiceProps<Value extends string | number> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly choose: (value: Value) => void;
}

/** A labelled list to choose from. A value that is not in it is shown all the same. */
export function Choice<Value extends string | number>({
  label,
  value,
  options,
  choose,
}: ChoiceProps<Value>): JSX.Element {
  const known = options.some(([each]) => each === value);
  const all = known ? options : [...options, [value, `${value}`] as const];
  return (
    <label class="choice">
      <span>{label}</span>
      <select
        value={`${value}`}
        onChange={({ currentTarget }) => {
          const chosen = all.find(([each]) => `${each}` === currentTarget.value);
          // What was chosen may not come about, as a file that is not picked.
          currentTarget.value = `${value}`;
          if (chosen) choose(chosen[0]);
        }}
      >
        {all.map(([each, text]) => (
          <option key={each} value={`${each}`}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
