import { useState } from "react";
import type { ToggleEvent } from "react";

const opened = new Set<string>();

/** Whether a fold is open, remembered under its name when a finished turn is replaced by the stored one. */
export function useOpenState(name: string): [boolean, (event: ToggleEvent<HTMLDetailsElement>) => void] {
  const [open, setOpen] = useState(() => opened.has(name));
  return [
    open,
    (event) => {
      const next = event.currentTarget.open;
      if (next) opened.add(name);
      else opened.delete(name);
      setOpen(next);
    },
  ];
}
