import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { TurnRequest } from "../store/turns.ts";
import { type SubagentsContext, createSubagents } from "../subagents/subagents.ts";
import { createMailroom } from "../turns/mailroom.ts";
import type { TurnOutcome } from "../turns/outcome.ts";
import type { TurnRules } from "../turns/turn-runner.ts";
import { createAgentsListTool } from "./agents-list.ts";
import { createCallIds, uuidFrom } from "./call-ids.ts";
import { nextTurn } from "./exchange.ts";
import { createSessionsHistoryTool } from "./sessions-history.ts";
import { createSessionsListTool } from "./sessions-list.ts";
import { createSessionsSendTool } from "./sessions-send.ts";
import { createSessionsSpawnTool } from "./sessions-spawn.ts";

/** What sessions have to do with each other: the session tools, sub-agents, conversations between agents. */
export interface CrossAgent {
  /** For every agent, beside its own. */
  tools: readonly Tool[];
  /** Names what a tool call brings about; the same when its turn is continued after a crash. */
  callId(call: { sessionKey: string; toolCallId: string }, params: unknown): string;
  /** For the engine. */
  rules(request: TurnRequest): TurnRules;
  ending(request: TurnRequest, outcome: TurnOutcome): void;
  stopWith(sessionKey: string): string[];
  /** Call after the engine's `recover`. */
  recover(): Promise<void>;
  stop(): Promise<void>;
}

export function createCrossAgent(context: SubagentsContext): CrossAgent {
  const { engine, sessions } = context;
  const mailroom = createMailroom({ ...context, log: context.log.child("mail") });
  const subagents = createSubagents(context, mailroom);
  const callIds = createCallIds();

  /** Outside any turn a call cannot be run again either, so its own id names it. */
  const callId = (call: { sessionKey: string; toolCallId: string }, params: unknown) => {
    const turn = engine.current(call.sessionKey);
    return turn
      ? callIds.of(turn.runId, call, params)
      : uuidFrom(`${call.sessionKey} ${call.toolCallId} ${context.clock.now()}`);
  };

  const tools = [
    createSessionsListTool(context),
    createSessionsHistoryTool(context),
    createSessionsSendTool({ ...context, callId }),
    createSessionsSpawnTool({ subagents, callId }),
    createAgentsListTool(context),
  ] as Tool[];

  return {
    tools,
    callId,
    rules: subagents.rules,
    ending(request, outcome) {
      mailroom.ended(request, outcome);
      subagents.ending(request, outcome);
      const next = nextTurn(request, outcome, sessions);
      if (next) mailroom.post(next);
      callIds.forget(request.runId);
    },
    stopWith: subagents.stopWith,
    async recover() {
      mailroom.recover();
      await subagents.recover();
    },
    stop: subagents.stop,
  };
}
