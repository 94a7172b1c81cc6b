import type { TurnResult } from "@openclaw/agent";
import { parseMediaLines, parseReplyTags } from "@openclaw/core/reply";
import type { Outbox, OutboxRow } from "../store/outbox.ts";
import type { TurnRequest } from "../store/turns.ts";
import { isSamePlace } from "./place.ts";

/** What turns have said through the message tool. */
export interface ToolSends {
  /** A turn has put something into the ledger. */
  note(runId: string): void;
  /** Whether a turn has written to its own chat by itself. */
  spokeHere(request: TurnRequest): boolean;
  /** An answer without the words that its chat has been sent already. */
  withoutRepeats<Answer extends Pick<TurnResult, "payloads">>(request: TurnRequest, answer: Answer): Answer;
  forget(runId: string): void;
}

/** Ledger id of what one call of the message tool sends. */
export const toolTurnId = (runId: string, callId: string) => `${runId}${MARK}${callId}`;

const MARK = ":message:";

export function createToolSends(outbox: Pick<Outbox, "ofTurnsNamed">): ToolSends {
  const known = new Map<string, boolean>();

  function here({ runId, route }: TurnRequest): OutboxRow[] {
    if (!route) return [];
    return outbox.ofTurnsNamed(`${runId}${MARK}`).filter((row) => row.state !== "failed" && isSamePlace(row, route));
  }

  return {
    note: (runId) => void known.delete(runId),
    spokeHere(request) {
      // Asked for each piece of a streamed answer; the ledger remembers across restarts.
      const spoke = known.get(request.runId) ?? here(request).length > 0;
      known.set(request.runId, spoke);
      return spoke;
    },
    withoutRepeats(request, answer) {
      const rows = here(request);
      if (rows.length === 0) return answer;
      const said = new Set(
        [...callsOf(rows), rows].map((call) => essence(call.map(({ message }) => message.text ?? "").join("\n"))),
      );
      const payloads = answer.payloads.flatMap((payload) => {
        const { text, media } = parseMediaLines(parseReplyTags(payload.text).text);
        const words = essence(text);
        if (words === "" || !said.has(words)) return [payload];
        const mediaUrls = [...(payload.mediaUrls ?? []), ...media];
        return mediaUrls.length > 0 ? [{ text: "", mediaUrls }] : [];
      });
      return { ...answer, payloads };
    },
    forget: (runId) => void known.delete(runId),
  };
}

/** Rows by the call that sent them: a long text is several rows. */
function callsOf(rows: readonly OutboxRow[]): OutboxRow[][] {
  const calls = new Map<string, OutboxRow[]>();
  for (const row of rows) calls.set(row.turnId, [...(calls.get(row.turnId) ?? []), row]);
  return [...calls.values()];
}

/** Cutting changes white space, and a final full stop makes no other answer. */
const essence = (text: string) => text.replaceAll(/\s+/g, "").replace(/[.!…]+$/, "");
