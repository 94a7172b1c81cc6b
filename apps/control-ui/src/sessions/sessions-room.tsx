import { RoomHead } from "../app/room-head.tsx";
import { SessionNav } from "./session-nav.tsx";

/** All conversations with the width of a page. */
export function SessionsRoom({ onMenu }: { onMenu: () => void }) {
  return (
    <>
      <RoomHead title="Conversations" onMenu={onMenu} />
      <div className="page">
        <SessionNav wide />
      </div>
    </>
  );
}
