import { memo } from "react";
import { Markdown } from "../markdown/markdown.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Time } from "../ui/time.tsx";
import type { Part, Turn } from "./model.ts";
import { textOf } from "./model.ts";
import { useOpenState } from "./open-state.ts";
import { ToolCard } from "./tool-card.tsx";

/** One turn. `live` while it is being written. */
export const TurnView = memo(function TurnView({
  turn,
  name,
  live = false,
}: {
  turn: Turn;
  name: string;
  live?: boolean;
}) {
  const text = textOf(turn.parts);
  return (
    <article className={`turn ${turn.role}`} aria-label={name} aria-busy={live}>
      <header>
        <span className="who">{name}</span>
        <Time at={turn.at} />
      </header>
      <div className="turn-body">
        {turn.parts.map((part, index) => (
          <PartView
            key={part.kind === "tool" ? part.call.id : index}
            part={part}
            role={turn.role}
            name={`${turn.id}:${index}`}
          />
        ))}
        {live && waiting(turn.parts) && (
          <p className="pending" aria-label="Working">
            <i /> <i /> <i />
          </p>
        )}
        {turn.error && (
          <p className="error" dir="auto">
            <Icon name="warning" /> {turn.error}
          </p>
        )}
        {turn.stopped && <p className="note">Stopped</p>}
      </div>
      {turn.role === "assistant" && !live && text !== "" && (
        <footer>
          <CopyButton text={text} label="Copy answer" />
        </footer>
      )}
    </article>
  );
});

/** Nothing shows that work goes on: no text yet, and no tool that says it is running. */
function waiting(parts: readonly Part[]): boolean {
  const last = parts.at(-1);
  return last === undefined || last.kind === "note" || (last.kind === "tool" && last.call.state !== "running");
}

function PartView({ part, role, name }: { part: Part; role: Turn["role"]; name: string }) {
  switch (part.kind) {
    case "text":
      // A person's words are shown as typed.
      return role === "user" ? (
        <p className="plain" dir="auto">
          {part.text}
        </p>
      ) : (
        <Markdown text={part.text} />
      );
    case "thinking":
      return <Thinking text={part.text} name={name} />;
    case "tool":
      return <ToolCard call={part.call} />;
    case "image":
      return part.source ? (
        <img className="picture" src={part.source} alt={part.label} />
      ) : (
        <p className="note">{part.label}</p>
      );
    default:
      return <p className="note">{part.text}</p>;
  }
}

function Thinking({ text, name }: { text: string; name: string }) {
  const [open, onToggle] = useOpenState(`thinking:${name}`);
  return (
    <details className="thinking" open={open} onToggle={onToggle}>
      <summary>Thinking</summary>
      {open && <Markdown text={text} />}
    </details>
  );
}
