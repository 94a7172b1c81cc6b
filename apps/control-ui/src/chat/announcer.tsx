import { useEffect, useState } from "react";
import type { Conversation } from "./conversation.ts";
import type { ChatState } from "./model.ts";
import { textOf } from "./model.ts";

/** Longest answer that is read out by itself; longer ones are announced and read in place. */
const spokenCharacters = 600;

/**
 * Tells a screen reader what happens, in whole sentences: that an answer begins, which tool runs, and the finished answer.
 * The growing text itself is not live, or every few letters would be spoken.
 */
export function Announcer({ conversation, name }: { conversation: Conversation; name: string }) {
  const [words, setWords] = useState("");
  useEffect(() => {
    const { state } = conversation;
    return state.subscribe(() => {
      const next = announcement(state.get(), name);
      if (next !== undefined) setWords(next);
    });
  }, [conversation, name]);
  return (
    <p className="hidden" role="status" aria-live="polite">
      {words}
    </p>
  );
}

/** What there is to say about the newest run; undefined leaves the last words. */
function announcement(state: ChatState, name: string): string | undefined {
  const run = state.runs.at(-1);
  const part = run?.parts.at(-1);
  switch (run?.state) {
    case "running":
      return part?.kind === "tool" && part.call.state === "running"
        ? `${name} uses ${part.call.name}`
        : `${name} is answering`;
    case "stopped":
      return "Stopped";
    case "failed":
      return `The turn failed: ${run.error ?? ""}`;
    case "done": {
      const text = textOf(run.parts.slice(-1));
      if (text === "") return undefined;
      return text.length > spokenCharacters ? `${name} has answered at length` : `${name}: ${text}`;
    }
    default:
      return undefined;
  }
}
