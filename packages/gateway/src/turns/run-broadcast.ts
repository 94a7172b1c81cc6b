import type { AgentEvent, TurnResult } from "@openclaw/agent";
import type { Clock } from "@openclaw/core";
import type { GatewayServer } from "../server/types.ts";

/** The part of a turn's request that its events name. */
interface RunName {
  runId: string;
  displayKey: string;
}

export interface RunBroadcast {
  /** One agent event: an `agent` frame, and for assistant text a `chat` delta, in that order. */
  event(run: RunName, event: AgentEvent): void;
  final(run: RunName, text: string | undefined, result?: TurnResult): void;
  aborted(run: RunName, stopReason: "rpc" | "stop" | "timeout", text?: string): void;
  error(run: RunName, message: string): void;
}

/** Cumulative chat deltas go out at once, then at most this often, ms. */
const DELTA_MS = 200;

interface RunState {
  /** Per-run sequence, shared by every stream; a chat frame repeats the number of the agent event behind it. */
  seq: number;
  lastDeltaAt: number;
}

/** Turns agent events into the protocol's `agent` and `chat` frames. */
export function createRunBroadcast(server: () => GatewayServer | undefined, clock: Clock): RunBroadcast {
  const states = new Map<string, RunState>();

  const stateOf = (runId: string): RunState => {
    const state = states.get(runId) ?? { seq: 0, lastDeltaAt: -Infinity };
    states.set(runId, state);
    return state;
  };
  const chat = (run: RunName, state: string, seq: number, rest: Record<string, unknown>, droppable = false) =>
    server()?.broadcast("chat", { runId: run.runId, sessionKey: run.displayKey, seq, state, ...rest }, { droppable });
  const textMessage = (text: string) => ({
    role: "assistant",
    content: [{ type: "text", text }],
    timestamp: clock.now(),
  });
  const ended = (run: RunName): number => {
    const seq = stateOf(run.runId).seq + 1;
    states.delete(run.runId);
    return seq;
  };

  return {
    event(run, { stream, data }) {
      const state = stateOf(run.runId);
      state.seq++;
      const payload = { runId: run.runId, stream, data, sessionKey: run.displayKey, seq: state.seq, ts: clock.now() };
      if (stream === "tool") {
        for (const client of server()?.clients() ?? []) {
          if (client.role === "operator" && client.caps.includes("tool-events"))
            server()?.sendTo(client.connId, "agent", payload);
        }
        return;
      }
      server()?.broadcast("agent", payload);
      if (stream !== "assistant" || clock.now() - state.lastDeltaAt < DELTA_MS) return;
      state.lastDeltaAt = clock.now();
      // A delta carries the whole text so far: a slow client that misses one loses nothing.
      chat(run, "delta", state.seq, { message: textMessage(data.text) }, true);
    },
    final(run, text, result) {
      const seq = stateOf(run.runId).seq;
      states.delete(run.runId);
      const usage = result && { input: result.usage.input, output: result.usage.output, total: result.usage.total };
      chat(run, "final", Math.max(1, seq), {
        ...(text ? { message: textMessage(text) } : {}),
        ...(usage ? { usage } : {}),
      });
    },
    aborted(run, stopReason, text) {
      chat(run, "aborted", ended(run), { stopReason, ...(text ? { message: textMessage(text) } : {}) });
    },
    error(run, message) {
      chat(run, "error", ended(run), { errorMessage: message });
    },
  };
}
