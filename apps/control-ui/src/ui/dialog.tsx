import { useLayoutEffect, useRef } from "react";
import type { ReactNode } from "react";

interface DialogProps {
  label: string;
  /** `drawer` slides in from the side. */
  kind?: "sheet" | "drawer";
  onClose: () => void;
  children: ReactNode;
}

/** The browser's own modal dialog: it traps focus, closes on Escape and gives focus back. Shown while it is rendered. */
export function Dialog({ label, kind = "sheet", onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // A layout effect closes it while it is still in the page: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- Escape closes it
    <dialog
      ref={dialog}
      className={kind}
      aria-label={label}
      onClose={() => {
        if (!dialog.current?.open) onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
