import type { AgentEvent as PiEvent, AgentMessage } from "@earendil-works/pi-agent-core";
import type { AssistantMessage } from "@earendil-works/pi-ai";
import type { StoredMessage, Transcript } from "@openclaw/core/sessions";
import type { AgentEvent } from "../types.ts";
import type { LoopDetector } from "./loop-detector.ts";
import { visibleText } from "./stored-messages.ts";
import type { TurnState } from "./turn-types.ts";
import { addUsage } from "./usage.ts";

export interface LoopEventsOptions {
  transcript: Transcript;
  state: TurnState;
  detector: LoopDetector;
  emit: (event: AgentEvent) => void;
  /** An answer is complete, or broke off; it counts already. */
  onAnswer: (answer: AssistantMessage) => void;
}

export interface LoopEvents {
  /** What pi's loop reports: told to listeners, and every completed message written down. */
  onEvent: (event: PiEvent) => void;
  /** What was shown of the present message is void: another model starts it anew. */
  startOver(): void;
  /** Tool calls of the present message that have ended. */
  finishedCalls(): number;
}

export function createLoopEvents({ transcript, state, detector, emit, onAnswer }: LoopEventsOptions): LoopEvents {
  let visible = { text: "", thinking: "" };
  let finishedCalls = 0;

  const keep = (message: AgentMessage): void => {
    if (message.role === "system") return;
    if (message.role === "assistant") {
      state.usage = addUsage(state.usage, message);
      const broken = message.stopReason === "error" || message.stopReason === "aborted";
      if (!broken) state.answered = { provider: message.provider, model: message.model };
      const text = visibleText(message.content);
      if (text !== "") state.texts.push(text);
      onAnswer(message);
      // A call that never said anything leaves no trace but its error; an empty aborted one not even that.
      if (broken && message.content.length === 0 && message.stopReason === "aborted") return;
    }
    transcript.appendMessage(message as unknown as StoredMessage);
  };

  return {
    startOver: () => void (visible = { text: "", thinking: "" }),
    finishedCalls: () => finishedCalls,
    onEvent(event) {
      switch (event.type) {
        case "message_start":
          if (event.message.role === "assistant") {
            visible = { text: "", thinking: "" };
            finishedCalls = 0;
            detector.modelCall();
          }
          return;
        case "message_update": {
          const update = event.assistantMessageEvent;
          if (update.type === "text_delta") {
            visible.text += update.delta;
            emit({ stream: "assistant", data: { text: visible.text, delta: update.delta } });
          } else if (update.type === "text_start" && visible.text !== "") {
            // A second block of one message stands on its own line.
            visible.text += "\n\n";
          } else if (update.type === "thinking_delta") {
            visible.thinking += update.delta;
            emit({ stream: "thinking", data: { text: visible.thinking, delta: update.delta } });
          }
          return;
        }
        case "message_end":
          keep(event.message);
          return;
        case "tool_execution_start": {
          const { toolName: name, toolCallId, args } = event;
          state.toolCalls++;
          emit({ stream: "tool", data: { phase: "start", name, toolCallId, args } });
          return;
        }
        case "tool_execution_update": {
          const { toolName: name, toolCallId, partialResult } = event;
          emit({ stream: "tool", data: { phase: "update", name, toolCallId, partialResult } });
          return;
        }
        case "tool_execution_end": {
          const { toolName: name, toolCallId, isError, result } = event;
          finishedCalls++;
          detector.after(isError);
          emit({ stream: "tool", data: { phase: "result", name, toolCallId, isError, result } });
          return;
        }
        default:
      }
    },
  };
}
