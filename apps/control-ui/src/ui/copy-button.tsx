import { useEffect, useState } from "react";
import type { RefObject } from "react";
import { Icon } from "./icon.tsx";

/** Copies a text and says so. Where the browser forbids it, the text is selected for the keyboard to copy. */
export function CopyButton({
  text,
  label,
  selectOnFailure,
}: {
  text: string;
  label: string;
  selectOnFailure?: RefObject<HTMLElement | null>;
}) {
  const [outcome, setOutcome] = useState<"copied" | "selected">();
  useEffect(() => {
    if (!outcome) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome("copied");
    } catch {
      if (selectOnFailure?.current) getSelection()?.selectAllChildren(selectOnFailure.current);
      setOutcome("selected");
    }
  };

  return (
    <button type="button" className="quiet small" aria-label={label} onClick={() => void copy()}>
      <Icon name={outcome === "copied" ? "check" : "copy"} />
      <span aria-live="polite">
        {outcome === "copied" ? "Copied" : outcome === "selected" ? "Press Ctrl+C" : "Copy"}
      </span>
    </button>
  );
}
