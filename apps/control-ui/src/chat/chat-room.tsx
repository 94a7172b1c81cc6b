import { useEffect, useMemo, useState } from "react";
import { useDashboard } from "../app/dashboard.ts";
import { RoomHead } from "../app/room-head.tsx";
import { SessionOptions } from "../sessions/session-options.tsx";
import { plainKey } from "../sessions/session-row.ts";
import type { SessionRow } from "../sessions/session-row.ts";
import { useStore } from "../store/use-store.ts";
import { Icon } from "../ui/icon.tsx";
import { Announcer } from "./announcer.tsx";
import { isBusy } from "./chat-state.ts";
import { Composer } from "./composer.tsx";
import { EmptyChat } from "./empty-chat.tsx";
import { MessageList } from "./message-list.tsx";
import { buildTimeline } from "./timeline.ts";
import { useStickToEnd } from "./use-stick-to-end.ts";

/** One conversation: what was said, what is being said, and the place to write. */
export function ChatRoom({ sessionKey, onMenu }: { sessionKey: string; onMenu: () => void }) {
  const { conversation: find, sessions, link, assistantName } = useDashboard();
  const conversation = find(sessionKey);
  const state = useStore(conversation.state);
  const list = useStore(sessions.state);
  const offline = useStore(link.status).phase !== "ready";
  const [options, setOptions] = useState(false);
  const { scroller, content, atEnd, toEnd } = useStickToEnd();

  const row: SessionRow = list.rows.find(({ key }) => key === sessionKey) ?? {
    key: sessionKey,
    title: sessionKey.endsWith(":main") ? "Main chat" : plainKey(sessionKey),
    updatedAt: 0,
  };
  const entries = useMemo(() => buildTimeline(state), [state]);
  const running = state.runs.some((run) => run.state === "running");
  const busy = isBusy(state);
  const provider = row.provider ?? list.provider;

  useEffect(() => {
    const mark = () => {
      if (document.visibilityState === "visible") sessions.markSeen(sessionKey, row.updatedAt);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [sessions, sessionKey, row.updatedAt]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      conversation.stop();
    };
    if (!busy) return undefined;
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [busy, conversation]);

  const send: typeof conversation.send = (text, images) => {
    conversation.send(text, images);
    toEnd();
  };

  return (
    <>
      <RoomHead
        title={row.title}
        onMenu={onMenu}
        note={<ModelNote provider={provider} model={row.model ?? list.model} />}
      >
        <button
          type="button"
          className="quiet icon-only"
          aria-label="Conversation options"
          onClick={() => setOptions(true)}
        >
          <Icon name="more" />
        </button>
      </RoomHead>
      {options && <SessionOptions row={row} onClose={() => setOptions(false)} />}
      <Announcer conversation={conversation} name={assistantName} />
      <div className="scroller" ref={scroller} role="region" aria-label="Conversation" tabIndex={0}>
        <div className="timeline" ref={content}>
          {state.phase === "failed" && (
            <p className="error">
              <Icon name="warning" /> The conversation could not be read: {state.loadError}{" "}
              <button type="button" className="quiet small" onClick={() => conversation.reload()}>
                Try again
              </button>
            </p>
          )}
          {state.phase === "ready" && entries.length === 0 && (
            <EmptyChat
              assistantName={assistantName}
              offline={provider === "offline"}
              onTry={(text) => send(text, [])}
            />
          )}
          {state.hasEarlier && (
            <button type="button" className="quiet earlier" onClick={() => conversation.readEarlier()}>
              Show earlier messages
            </button>
          )}
          <MessageList
            entries={entries}
            conversation={conversation}
            assistantName={assistantName}
            offline={offline}
            paused={state.paused}
          />
          {busy && !running && !offline && (
            <p className="pending alone" aria-label="Working">
              <i /> <i /> <i />
            </p>
          )}
        </div>
      </div>
      {!atEnd && (
        <button type="button" className="to-end" onClick={toEnd}>
          <Icon name="down" /> Newest
        </button>
      )}
      <Composer conversation={conversation} busy={busy} onSend={send} />
    </>
  );
}

function ModelNote({ provider, model }: { provider?: string; model?: string }) {
  if (provider !== "offline") return model && <span className="model">{model}</span>;
  return (
    <span className="badge" title="Answers follow fixed rules. Ask “connect a model” for help.">
      Offline mode (no AI model)
    </span>
  );
}
