import { CodeBlock } from "../markdown/code-block.tsx";
import type { ToolCall } from "./model.ts";
import { useOpenState } from "./open-state.ts";
import { Icon } from "../ui/icon.tsx";

const states: Readonly<Record<ToolCall["state"], string>> = {
  running: "running",
  done: "done",
  failed: "failed",
  unknown: "",
};

/** Longer output is cut on the page; the transcript has all of it. */
const shownCharacters = 20_000;

/** One tool call: its name and what it was about; arguments and answer on demand. */
export function ToolCard({ call }: { call: ToolCall }) {
  const [open, onToggle] = useOpenState(`tool:${call.id}`);
  const args = argumentText(call.args);
  return (
    <details className={`tool ${call.state}`} open={open} onToggle={onToggle}>
      <summary>
        <Icon name={call.state === "done" ? "check" : call.state === "failed" ? "warning" : "tool"} />
        <strong>{call.name}</strong>
        <span className="tool-about" dir="auto">
          {about(call.args)}
        </span>
        {states[call.state] && <span className="tool-state">{states[call.state]}</span>}
      </summary>
      {open && (
        <>
          {args !== undefined && <CodeBlock text={args} language="arguments" />}
          {call.result === undefined ? (
            <p className="muted small-text">
              {call.state === "running" ? "No output yet." : "No output was recorded."}
            </p>
          ) : (
            <CodeBlock text={cut(call.result)} language={call.state === "failed" ? "error" : "result"} />
          )}
        </>
      )}
    </details>
  );
}

function argumentText(args: unknown): string | undefined {
  if (args === undefined || args === null) return undefined;
  if (typeof args === "string") return args;
  const text = JSON.stringify(args, null, 2);
  return text === "{}" ? undefined : text;
}

/** The first argument in a few words: the path, the command, the question. */
function about(args: unknown): string {
  if (typeof args !== "object" || args === null) return typeof args === "string" ? args.slice(0, 120) : "";
  const first = Object.values(args).find((value) => typeof value === "string" || typeof value === "number");
  return first === undefined ? "" : (String(first).split("\n", 1)[0]?.slice(0, 120) ?? "");
}

function cut(text: string): string {
  if (text.length <= shownCharacters) return text;
  return `${text.slice(0, shownCharacters)}\n… ${(text.length - shownCharacters).toLocaleString()} more characters`;
}
