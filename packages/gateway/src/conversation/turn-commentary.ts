import type { AgentEvent } from "@openclaw/agent";
import type { Clock } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { isSilentReply } from "@openclaw/core/reply";
import type { SessionEntry } from "@openclaw/core/sessions";
import type { ChannelManager } from "../channels/manager.ts";
import type { Deliverer } from "../delivery/deliverer.ts";
import { splitReply } from "../delivery/split-reply.ts";
import type { TurnRequest } from "../store/turns.ts";
import { toolLine, toolOutput } from "./tool-line.ts";

/** What people asked to see of a turn beside its answer: the tools it uses (`/verbose`), its reasoning (`/reasoning`). */
export interface TurnCommentary {
  /** Every event of a turn, in order. */
  hear(request: TurnRequest, event: AgentEvent): void;
  /** The turn is over, whichever way; what was not said yet is forgotten. */
  forget(runId: string): void;
}

export interface TurnCommentaryOptions {
  entry(sessionKey: string): Readonly<SessionEntry> | undefined;
  config(): OpenClawConfig;
  channels: Pick<ChannelManager, "find">;
  deliverer: Pick<Deliverer, "enqueue">;
  clock: Clock;
  /** Shows text in the chat's draft, where there are drafts. */
  draft(request: TurnRequest, text: string): void;
}

/** Tool calls that follow each other quickly share a message, ms. */
const GATHER_MS = 1_500;

interface Said {
  /** Messages so far; numbers the ledger's rows. */
  count: number;
  lines: string[];
  cancel(): void;
  /** Reasoning before each model call's answer; the last one grows. */
  thoughts: string[];
  text: string;
}

export function createTurnCommentary(options: TurnCommentaryOptions): TurnCommentary {
  const { clock } = options;
  const turns = new Map<string, Said>();

  function saidIn(runId: string): Said {
    const said = turns.get(runId) ?? { count: 0, lines: [], cancel: () => {}, thoughts: [], text: "" };
    turns.set(runId, said);
    return said;
  }

  function send(request: TurnRequest, said: Said, text: string): void {
    const { route, runId, sessionKey } = request;
    if (!route) return;
    const { channel, account, target } = route;
    const running = options.channels.find(channel, account);
    const parts = running
      ? splitReply({ text, limits: running.definition.limits, config: running.account.config })
      : [text];
    options.deliverer.enqueue(
      parts.map((part) => ({
        turnId: `${runId}:beside`,
        seq: said.count++,
        sessionKey,
        channel,
        account,
        target,
        purpose: "notice",
        message: { text: part, silent: true },
      })),
    );
  }

  function flush(request: TurnRequest, said: Said): void {
    said.cancel();
    const lines = said.lines.splice(0);
    if (lines.length > 0) send(request, said, lines.join("\n"));
  }

  function addLine(request: TurnRequest, said: Said, line: string): void {
    said.lines.push(line);
    said.cancel();
    said.cancel = clock.after(GATHER_MS, () => flush(request, said));
  }

  function levels(request: TurnRequest): { verbose: string; reasoning: string } {
    const entry = options.entry(request.sessionKey);
    const verbose =
      request.levels?.verbose ?? entry?.verboseLevel ?? options.config().agents?.defaults?.verboseDefault ?? "off";
    return {
      // What tools print is for the one who asked, not for a group.
      verbose: request.origin.chatType === "direct" ? verbose : "off",
      reasoning: request.levels?.reasoning ?? entry?.reasoningLevel ?? "off",
    };
  }

  return {
    hear(request, event) {
      if (!request.route || request.exchange) return;
      const { verbose, reasoning } = levels(request);
      if (verbose === "off" && reasoning === "off") return;
      const said = saidIn(request.runId);
      if (event.stream === "assistant") said.text = event.data.text;
      else if (event.stream === "tool" && verbose !== "off") {
        if (event.data.phase === "start") addLine(request, said, toolLine(event.data.name, event.data.args));
        else if (event.data.phase === "result" && verbose === "full")
          addLine(request, said, toolOutput(event.data.result, event.data.isError));
      } else if (event.stream === "thinking" && reasoning !== "off") {
        const { text } = event.data;
        if (said.thoughts.length > 0 && text.startsWith(said.thoughts.at(-1) ?? "")) said.thoughts.pop();
        said.thoughts.push(text);
        if (reasoning === "stream" && said.text === "") options.draft(request, `Reasoning:\n${text}`);
      } else if (event.stream === "lifecycle" && event.data.phase === "end") {
        flush(request, said);
        const thoughts = said.thoughts.filter((thought) => thought.trim() !== "");
        if (reasoning === "on" && thoughts.length > 0 && !isSilentReply(said.text))
          send(request, said, `Reasoning:\n${thoughts.join("\n\n")}`);
      }
    },
    forget(runId) {
      turns.get(runId)?.cancel();
      turns.delete(runId);
    },
  };
}
