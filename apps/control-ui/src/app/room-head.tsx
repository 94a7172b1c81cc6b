import type { ReactNode } from "react";
import { Icon } from "../ui/icon.tsx";

/** A room's top line: the way to the menu on small screens, its name, and what belongs to it. */
export function RoomHead({ title, onMenu, children }: { title: string; onMenu: () => void; children?: ReactNode }) {
  return (
    <header className="room-head">
      <button type="button" className="quiet icon-only menu" aria-label="Open menu" onClick={onMenu}>
        <Icon name="menu" />
      </button>
      <h1 dir="auto">{title}</h1>
      {children}
    </header>
  );
}
