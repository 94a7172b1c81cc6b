import { useState } from "react";
import { useDashboard } from "../app/dashboard.ts";
import { Link } from "../router/link.tsx";
import { useStore } from "../store/use-store.ts";
import { Icon } from "../ui/icon.tsx";
import { Time } from "../ui/time.tsx";
import { NewConversation } from "./new-conversation.tsx";
import { SessionOptions } from "./session-options.tsx";
import { isUnread } from "./session-list.ts";
import { plainKey } from "./session-row.ts";
import type { SessionRow } from "./session-row.ts";

interface SessionNavProps {
  /** Key of the open conversation. */
  current?: string;
  /** Longer rows with previews, for the room of its own. */
  wide?: boolean;
  onFollow?: () => void;
}

/** The conversations, newest first: search, open, new, and each one's options. */
export function SessionNav({ current, wide = false, onFollow }: SessionNavProps) {
  const { sessions, settings } = useDashboard();
  const { phase, rows, error } = useStore(sessions.state);
  const marks = useStore(settings);
  const [search, setSearch] = useState("");
  const [options, setOptions] = useState<SessionRow>();

  const shown = matching(withCurrent(rows, current), search);
  return (
    <section className={wide ? "sessions wide" : "sessions"} aria-label="Conversations">
      <div className="session-tools">
        <label className="search">
          <Icon name="search" />
          <span className="hidden">Search conversations</span>
          <input
            type="search"
            placeholder="Search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
        <NewConversation onFollow={onFollow} />
      </div>
      <p className="hidden" role="status">
        {search ? `${shown.length} conversations found` : ""}
      </p>
      {phase === "failed" && (
        <p className="muted pad">
          Could not read the list: {error}{" "}
          <button type="button" className="quiet small" onClick={() => void sessions.refresh()}>
            Try again
          </button>
        </p>
      )}
      {phase === "ready" && shown.length === 0 && (
        <p className="muted pad">{search ? "Nothing found." : "No conversations yet."}</p>
      )}
      <ul className="session-list">
        {shown.map((row) => {
          const unread = row.key !== current && isUnread(row, marks);
          return (
            <li key={row.key} className={unread ? "unread" : undefined}>
              <Link to={{ room: "chat", sessionKey: row.key }} current={row.key === current} onFollow={onFollow}>
                <span className="session-title" dir="auto">
                  {row.title}
                </span>
                {unread && <span className="hidden">, new messages</span>}
                <span className="session-meta">
                  {row.channel && <span className="tag">{row.channel}</span>}
                  <Time at={row.updatedAt} />
                </span>
                {wide && row.preview && (
                  <span className="session-preview" dir="auto">
                    {row.preview}
                  </span>
                )}
              </Link>
              <button
                type="button"
                className="quiet icon-only"
                aria-label={`Options for ${row.title}`}
                onClick={() => setOptions(row)}
              >
                <Icon name="more" />
              </button>
            </li>
          );
        })}
      </ul>
      {options && <SessionOptions row={options} onClose={() => setOptions(undefined)} />}
    </section>
  );
}

/** A conversation that was just begun is not on the gateway yet; it is shown all the same. */
function withCurrent(rows: SessionRow[], current?: string): SessionRow[] {
  if (current === undefined || rows.some((row) => row.key === current)) return rows;
  const title = current.endsWith(":main") ? "Main chat" : plainKey(current);
  return [{ key: current, title, updatedAt: 0 }, ...rows];
}

function matching(rows: SessionRow[], search: string): SessionRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = `${row.title} ${row.key} ${row.preview ?? ""} ${row.channel ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
