import type { Static } from "typebox";
import {
  anything,
  flag,
  int,
  list,
  mapOf,
  nullable,
  oneOf,
  open,
  optional,
  strict,
  string,
  text,
  time,
} from "./building-blocks.ts";

/** Runs one agent turn. Answered twice: accepted at once, then the outcome. `idempotencyKey` is the run id. */
export const AgentParams = strict({
  message: text(),
  agentId: optional(text()),
  to: optional(string()),
  replyTo: optional(string()),
  sessionId: optional(string()),
  sessionKey: optional(string()),
  thinking: optional(string()),
  deliver: optional(flag()),
  attachments: optional(list(anything())),
  channel: optional(string()),
  replyChannel: optional(string()),
  accountId: optional(string()),
  replyAccountId: optional(string()),
  threadId: optional(string()),
  groupId: optional(string()),
  groupChannel: optional(string()),
  groupSpace: optional(string()),
  /** Seconds. */
  timeout: optional(int(0)),
  lane: optional(string()),
  extraSystemPrompt: optional(string()),
  idempotencyKey: text(),
  label: optional(string({ minLength: 1, maxLength: 64 })),
  spawnedBy: optional(string()),
});
export type AgentParams = Static<typeof AgentParams>;

/** Waits for a run's end; 30000 ms when `timeoutMs` is absent. */
export const AgentWaitParams = strict({ runId: text(), timeoutMs: optional(int(0)) });
export type AgentWaitParams = Static<typeof AgentWaitParams>;

export const AgentIdentityParams = strict({ agentId: optional(text()), sessionKey: optional(string()) });
export type AgentIdentityParams = Static<typeof AgentIdentityParams>;

/** First answer to `agent`. */
export const AgentAccepted = open({ runId: text(), status: oneOf(["accepted"]), acceptedAt: time() });
export type AgentAccepted = Static<typeof AgentAccepted>;

export const TokenUsage = open({
  input: optional(int(0)),
  output: optional(int(0)),
  cacheRead: optional(int(0)),
  cacheWrite: optional(int(0)),
  total: optional(int(0)),
});
export type TokenUsage = Static<typeof TokenUsage>;

/** Second answer to `agent`. A failed run is `ok:false` with this payload (`status:"error"`) beside the error. */
export const AgentResult = open({
  runId: text(),
  status: oneOf(["ok", "error"]),
  summary: optional(string()),
  result: optional(
    open({
      payloads: list(open({ text: optional(nullable(string())), mediaUrl: optional(nullable(string())) })),
      meta: optional(
        open({
          durationMs: optional(int(0)),
          aborted: optional(flag()),
          agentMeta: optional(
            open({
              sessionId: optional(string()),
              provider: optional(string()),
              model: optional(string()),
              usage: optional(TokenUsage),
            }),
          ),
          systemPromptReport: optional(anything()),
        }),
      ),
    }),
  ),
});
export type AgentResult = Static<typeof AgentResult>;

/** `timeout` also answers for a run nobody knows. */
export const AgentWaitResult = open({
  runId: text(),
  status: oneOf(["ok", "error", "timeout"]),
  startedAt: optional(time()),
  endedAt: optional(time()),
  error: optional(string()),
});
export type AgentWaitResult = Static<typeof AgentWaitResult>;

export const AgentIdentityResult = open({
  agentId: text(),
  name: string(),
  avatar: string(),
  emoji: optional(string()),
});
export type AgentIdentityResult = Static<typeof AgentIdentityResult>;

/**
 * Payload of event `agent`. `seq` counts within the run, over all its streams.
 * Streams: `lifecycle` {phase}, `assistant` {text (all so far), delta}, `tool` {phase, name, toolCallId, ...}, `compaction`.
 */
export const AgentEvent = open({
  runId: text(),
  stream: text(),
  data: mapOf(anything()),
  sessionKey: optional(string()),
  seq: int(0),
  ts: time(),
});
export type AgentEvent = Static<typeof AgentEvent>;
