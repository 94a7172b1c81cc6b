import { useEffect, useRef, useState } from "react";
import type { ChatState } from "./chat-state.ts";
import { textOf } from "./model.ts";

/** Longest answer that is read out by itself; longer ones are announced and read in place. */
const spokenCharacters = 600;

/**
 * Tells a screen reader what happens, in whole sentences: that an answer begins, which tool runs, and the finished answer.
 * The growing text itself is not live, or every few letters would be spoken.
 */
export function Announcer({ state, name }: { state: ChatState; name: string }) {
  const [words, setWords] = useState("");
  const ended = useRef(new Set<string>());
  const run = state.runs.at(-1);
  const part = run?.parts.at(-1);
  const tool = run?.state === "running" && part?.kind === "tool" && part.call.state === "running" ? part.call.name : undefined;

  useEffect(() => {
    if (run?.state === "running") setWords(tool ? `${name} uses ${tool}` : `${name} is answering`);
  }, [run?.runId, run?.state, tool, name]);

  useEffect(() => {
    if (!run || run.state === "running" || ended.current.has(run.runId)) return;
    ended.current.add(run.runId);
    const text = textOf(run.parts.slice(-1));
    if (run.state === "stopped") setWords("Stopped");
    else if (run.state === "failed") setWords(`The turn failed: ${run.error ?? ""}`);
    else if (text !== "") setWords(text.length > spokenCharacters ? `${name} has answered at length` : `${name}: ${text}`);
  }, [run, name]);

  return (
    <p className="hidden" role="status" aria-live="polite">
      {words}
    </p>
  );
}
