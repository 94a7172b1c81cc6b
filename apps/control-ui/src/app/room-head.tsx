import { useEffect } from "react";
import type { ReactNode } from "react";
import { Icon } from "../ui/icon.tsx";

interface RoomHeadProps {
  title: string;
  /** Beside the title, below it on small screens. */
  note?: ReactNode;
  onMenu: () => void;
  /** What can be done with the room. */
  children?: ReactNode;
}

/** A room's top line: the way to the menu on small screens, its name, and what belongs to it. */
export function RoomHead({ title, note, onMenu, children }: RoomHeadProps) {
  useEffect(() => {
    document.title = `${title} · OpenClaw`;
  }, [title]);
  return (
    <header className="room-head">
      <button type="button" className="quiet icon-only menu" aria-label="Open menu" onClick={onMenu}>
        <Icon name="menu" />
      </button>
      <div className="room-title">
        <h1 dir="auto">{title}</h1>
        {note}
      </div>
      {children}
    </header>
  );
}
