import { Fragment } from "react";
import { Icon } from "../ui/icon.tsx";
import { formatDay, sameDay } from "../ui/relative-time.ts";
import { useNow } from "../ui/time.tsx";
import type { Conversation } from "./conversation.ts";
import type { Outgoing } from "./model.ts";
import type { TimelineEntry } from "./timeline.ts";
import { TurnView } from "./turn-view.tsx";

interface MessageListProps {
  entries: readonly TimelineEntry[];
  conversation: Conversation;
  assistantName: string;
  offline: boolean;
  paused: boolean;
}

/** The turns of a conversation with the days between them and the state of what was sent. */
export function MessageList({ entries, conversation, assistantName, offline, paused }: MessageListProps) {
  const now = useNow();
  return entries.map(({ turn, message, live }, index) => {
    const previous = entries[index - 1]?.turn.at ?? 0;
    const newDay = turn.at > 0 && (index === 0 || (previous > 0 && !sameDay(previous, turn.at)));
    return (
      <Fragment key={turn.id}>
        {newDay && <h2 className="day">{formatDay(turn.at, Math.max(now, turn.at))}</h2>}
        <TurnView turn={turn} name={turn.role === "user" ? "You" : assistantName} live={live?.state === "running"} />
        {message && <Delivery message={message} conversation={conversation} offline={offline} paused={paused} />}
      </Fragment>
    );
  });
}

interface DeliveryProps {
  message: Outgoing;
  conversation: Conversation;
  offline: boolean;
  paused: boolean;
}

function Delivery({ message, conversation, offline, paused }: DeliveryProps) {
  const { key, status, error, text } = message;
  if (status === "accepted") return null;
  if (status === "sending") {
    return <p className="delivery">{offline ? "Will be sent when the connection is back" : "Sending…"}</p>;
  }
  if (status === "queued") {
    return (
      <p className="delivery">
        <Icon name="clock" /> {paused ? "Waiting for you" : "Waiting for the current answer"}
        {paused && (
          <button type="button" className="quiet small" onClick={() => conversation.resume()}>
            Send now
          </button>
        )}
        <button type="button" className="quiet small" onClick={() => conversation.remove(key)}>
          Remove
        </button>
      </p>
    );
  }
  const edit = () => {
    conversation.remove(key);
    conversation.draft.set(text);
  };
  return (
    <p className="delivery failed" role="alert">
      <Icon name="warning" /> Not sent: {error}
      <button type="button" className="quiet small" onClick={() => conversation.retry(key)}>
        Retry
      </button>
      <button type="button" className="quiet small" onClick={edit}>
        Edit
      </button>
      <button type="button" className="quiet small" onClick={() => conversation.remove(key)}>
        Remove
      </button>
    </p>
  );
}
