import { clean } from "./clean.ts";
import { cleanLines } from "./multiline.ts";
import type { Terminal } from "./terminal.ts";

export interface AnswerView {
  /** One `agent` event of the run. */
  event(stream: string, data: Readonly<Record<string, unknown>>): void;
  /** Prints what has not been shown yet. */
  finish(payloads: readonly { text?: string | null; mediaUrl?: string | null }[]): void;
}

const ARGS_WIDTH = 60;

/** Shows an answer as it is made: a person sees the text grow, a pipe gets it whole at the end. Tools go to standard error. */
export function createAnswerView(terminal: Terminal, { quiet }: { quiet: boolean }): AnswerView {
  /** Text of each message that was streamed, the last one still growing. */
  const shown: string[] = [];
  let open = false;

  const endLine = () => {
    if (open) terminal.write("\n");
    open = false;
  };

  function text(whole: string): void {
    const before = open ? (shown.at(-1) ?? "") : "";
    const grows = open && whole.startsWith(before);
    if (open && !grows) endLine();
    const more = grows ? whole.slice(before.length) : whole;
    if (more === "") return;
    terminal.write(cleanLines(more));
    if (grows) shown[shown.length - 1] = whole;
    else shown.push(whole);
    open = true;
  }

  function tool({ phase, name, args, isError }: Readonly<Record<string, unknown>>): void {
    if (phase === "start") {
      endLine();
      terminal.err(terminal.style("dim", `· ${clean(String(name))} ${summary(args)}`.trimEnd()));
    } else if (phase === "result" && isError) terminal.err(terminal.style("yellow", `· ${clean(String(name))} failed`));
  }

  return {
    event(stream, data) {
      if (quiet) return;
      if (stream === "assistant" && terminal.interactive && typeof data.text === "string") text(data.text);
      if (stream === "tool") tool(data);
    },
    finish(payloads) {
      endLine();
      const streamed = shown.map((part) => part.trim());
      for (const { text: answer, mediaUrl } of payloads) {
        if (answer && !streamed.includes(answer.trim())) terminal.out(cleanLines(answer));
        if (mediaUrl) terminal.out(clean(mediaUrl));
      }
    },
  };
}

function summary(args: unknown): string {
  const values = typeof args === "object" && args !== null ? Object.values(args) : [];
  const line = clean(values.filter((value) => typeof value === "string" || typeof value === "number").join(" "));
  return line.length > ARGS_WIDTH ? `${line.slice(0, ARGS_WIDTH - 1)}…` : line;
}
