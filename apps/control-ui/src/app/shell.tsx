import { useEffect, useRef, useState } from "react";
import { ChatRoom } from "../chat/chat-room.tsx";
import type { Hello } from "../gateway/link.ts";
import { HealthRoom } from "../health/health-room.tsx";
import { Link, useRouter } from "../router/link.tsx";
import type { Room } from "../router/router.ts";
import { SessionNav } from "../sessions/session-nav.tsx";
import { SessionsRoom } from "../sessions/sessions-room.tsx";
import { canonicalKey } from "../sessions/session-row.ts";
import { SettingsRoom } from "../settings/settings-room.tsx";
import { useStore } from "../store/use-store.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import type { IconName } from "../ui/icon.tsx";
import { useDashboard } from "./dashboard.ts";

/** The frame of the signed-in page: conversations and rooms at the side, the open room beside them. */
export function Shell({ hello, offline }: { hello: Hello; offline: boolean }) {
  const { settings, link } = useDashboard();
  const route = useStore(useRouter().route);
  const remembered = useStore(settings).sessionKey;
  const sessionKey = canonicalKey(route.sessionKey ?? remembered ?? hello.mainSessionKey, hello.defaultAgentId);
  const [drawer, setDrawer] = useState(false);
  const main = useRef<HTMLElement>(null);
  const shown = useRef(route);
  const openDrawer = () => setDrawer(true);

  useEffect(() => {
    if (route.room === "chat") settings.update((current) => ({ ...current, sessionKey }));
  }, [settings, route.room, sessionKey]);

  useEffect(() => {
    const changed = shown.current !== route;
    shown.current = route;
    // Who follows a link goes on in the room it leads to; a room that took the focus itself keeps it.
    if (changed && !main.current?.contains(document.activeElement)) main.current?.focus();
  }, [route]);

  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <aside className="sidebar">
        <Side room={route.room} sessionKey={sessionKey} />
      </aside>
      {drawer && (
        <Dialog label="Conversations and rooms" kind="drawer" onClose={() => setDrawer(false)}>
          <Side room={route.room} sessionKey={sessionKey} onFollow={() => setDrawer(false)} />
        </Dialog>
      )}
      <main ref={main} tabIndex={-1} className="room">
        {offline && (
          <div className="banner" role="status">
            <span>Connection lost. Reconnecting…</span>
            <button type="button" className="quiet small" onClick={() => link.retryNow()}>
              Try now
            </button>
          </div>
        )}
        {route.room === "chat" && <ChatRoom key={sessionKey} sessionKey={sessionKey} onMenu={openDrawer} />}
        {route.room === "sessions" && <SessionsRoom onMenu={openDrawer} />}
        {route.room === "health" && <HealthRoom hello={hello} onMenu={openDrawer} />}
        {route.room === "settings" && <SettingsRoom hello={hello} onMenu={openDrawer} />}
      </main>
    </div>
  );
}

const places: readonly { room: Room; label: string; icon: IconName }[] = [
  { room: "sessions", label: "Conversations", icon: "list" },
  { room: "health", label: "Health", icon: "pulse" },
  { room: "settings", label: "Settings", icon: "gear" },
];

function Side({ room, sessionKey, onFollow }: { room: Room; sessionKey: string; onFollow?: () => void }) {
  return (
    <div className="side">
      <div className="side-head">
        <Link to={{ room: "chat" }} className="brand" onFollow={onFollow}>
          OpenClaw
        </Link>
        {onFollow && (
          <button type="button" className="quiet icon-only" aria-label="Close menu" onClick={onFollow}>
            <Icon name="close" />
          </button>
        )}
      </div>
      <SessionNav current={room === "chat" ? sessionKey : undefined} onFollow={onFollow} />
      <nav aria-label="Rooms" className="rooms">
        {places.map((place) => (
          <Link key={place.room} to={{ room: place.room }} current={room === place.room} onFollow={onFollow}>
            <Icon name={place.icon} />
            {place.label}
          </Link>
        ))}
      </nav>
    </div>
  );
}
