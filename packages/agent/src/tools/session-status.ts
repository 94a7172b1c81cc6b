import type { Clock } from "@openclaw/core";
import type { Tool } from "@openclaw/plugin-sdk/tool";

/** What a turn knows about itself, kept while it runs. */
export interface SessionStatus {
  provider: string;
  model: string;
  kind: "llm" | "rules";
  thinking: string;
  contextWindow: number;
  /** Tokens of the last call; 0 before the first. */
  contextTokens: number;
  input: number;
  output: number;
  cost: number;
}

export interface SessionStatusOptions {
  clock: Clock;
  timezone: string;
  hour12: boolean;
  status: (sessionKey: string) => SessionStatus | undefined;
}

/** Time, model and use of the running session. The prompt holds no clock, so that it can be cached. */
export function createSessionStatusTool({ clock, timezone, hour12, status }: SessionStatusOptions): Tool {
  return {
    name: "session_status",
    label: "Session status",
    description: "Current date and time, model, tokens and cost of this session.",
    parameters: { type: "object", properties: {} },
    replay: "safe",
    execute(_params, { sessionKey, agentId }) {
      const now = new Date(clock.now());
      const time = new Intl.DateTimeFormat("en-GB", {
        dateStyle: "full",
        timeStyle: "short",
        timeZone: timezone,
        hour12,
      }).format(now);
      const current = status(sessionKey);
      const lines = [`Time: ${time} (${timezone}), ${now.toISOString()}`, `Session: ${sessionKey} (agent ${agentId})`];
      if (current) {
        const percent = Math.round((current.contextTokens / current.contextWindow) * 100);
        lines.push(
          `Model: ${current.provider}/${current.model}${current.kind === "rules" ? " (rules, no language model)" : ""}, thinking ${current.thinking}`,
          `Context: ${current.contextTokens} of ${current.contextWindow} tokens (${percent} %)`,
          `This turn: ${current.input} in, ${current.output} out, $${current.cost.toFixed(4)}`,
        );
      }
      return Promise.resolve({
        content: [{ type: "text", text: lines.join("\n") }],
        details: { now: now.toISOString(), timezone, sessionKey, ...current },
      });
    },
  };
}
