import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { codeFor } from "../settings/code.js";
import { compareCommand } from "../settings/command.js";
import { dataSets } from "../settings/data-sets.js";
import { address } from "../state/session.js";
import { file, problem, settings } from "../state/state.js";

/** What is shown as a link, as a program, and as a command. */
export function Share(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = useSignal(false);
  return (
    <>
      <button
        type="button"
        onClick={() => {
          isOpen.value = true;
          dialog.current?.showModal();
        }}
      >
        Share
      </button>
      <dialog
        ref={dialog}
        aria-label="Share"
        onClose={() => {
          isOpen.value = false;
        }}
      >
        {isOpen.value && <Texts />}
        <form method="dialog">
          <button type="submit">Close</button>
        </form>
      </dialog>
    </>
  );
}

function Texts(): JSX.Element {
  const now = settings.value;
  const facts = problem.value;
  const { note } = dataSets[now.data] as { readonly note?: string };
  return (
    <>
      <Copied title="Link" about="Opens with these settings, at this step." text={address()} />
      {facts && (
        <Copied
          title="Code"
          about="Trains both with the engine, and prints λmax of each."
          text={codeFor(now, facts, facts.classes.length)}
        />
      )}
      <Copied
        title="Command"
        about={note ?? "Trains the same in the laboratory, and writes a report."}
        text={compareCommand(now, file.value?.name)}
      />
    </>
  );
}

interface CopiedProps {
  readonly title: string;
  readonly about: string;
  readonly text: string;
}

function Copied({ title, about, text }: CopiedProps): JSX.Element {
  const area = useRef<HTMLTextAreaElement>(null);
  const done = useSignal(false);
  const copy = async (): Promise<void> => {
    area.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      done.value = true;
    } catch {
      // It is selected: the reader can copy it.
    }
  };
  return (
    <section class="copied">
      <h3>{title}</h3>
      <p>{about}</p>
      <textarea ref={area} readOnly rows={text.includes("\n") ? 8 : 3} aria-label={title} value={text} />
      <button type="button" onClick={copy}>
        {done.value ? "Copied" : `Copy ${title.toLowerCase()}`}
      </button>
    </section>
  );
}
