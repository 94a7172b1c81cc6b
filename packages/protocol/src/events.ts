import type { Scope } from "./constants.ts";
import type {
  AgentEvent,
  ChatEvent,
  ConnectChallenge,
  CronEvent,
  DevicePairRequest,
  DevicePairResolved,
  ExecApprovalRequested,
  ExecApprovalResolved,
  HealthSummary,
  HeartbeatEvent,
  NodeInvokeRequest,
  NodePairRequest,
  NodePairResolved,
  PresenceEvent,
  ShutdownEvent,
  TalkModeResult,
  TickEvent,
  VoicewakeResult,
} from "./schema/index.ts";

/** Payload of each event. */
export interface EventPayloads {
  "connect.challenge": ConnectChallenge;
  agent: AgentEvent;
  chat: ChatEvent;
  presence: PresenceEvent;
  tick: TickEvent;
  "talk.mode": TalkModeResult;
  shutdown: ShutdownEvent;
  health: HealthSummary;
  heartbeat: HeartbeatEvent;
  cron: CronEvent;
  "node.pair.requested": NodePairRequest;
  "node.pair.resolved": NodePairResolved;
  "node.invoke.request": NodeInvokeRequest;
  "device.pair.requested": DevicePairRequest;
  "device.pair.resolved": DevicePairResolved;
  "voicewake.changed": VoicewakeResult;
  "exec.approval.requested": ExecApprovalRequested;
  "exec.approval.resolved": ExecApprovalResolved;
}

export type EventName = keyof EventPayloads;

export interface EventSpec {
  /** A slow client misses it instead of being closed: it can ask for the state again. */
  droppable: boolean;
  /** Only clients that hold this scope; everyone when absent. */
  scope?: Scope;
  /** Sent to single sockets and never broadcast, hence without `seq`. */
  targeted?: true;
  /** Carries the counters of presence and health. */
  stateVersion?: true;
}

/**
 * Every event, in the order of `hello-ok.features.events`.
 *
 * `agent`, `chat`, `cron` and `heartbeat` need `operator.read`: they quote conversations. The reference gateway sent
 * them to every socket, even to one without any scope.
 */
export const EVENTS = {
  "connect.challenge": { droppable: false, targeted: true },
  agent: { droppable: false, scope: "operator.read" },
  chat: { droppable: false, scope: "operator.read" },
  presence: { droppable: true, stateVersion: true },
  tick: { droppable: true },
  "talk.mode": { droppable: true },
  shutdown: { droppable: false },
  health: { droppable: true, stateVersion: true },
  heartbeat: { droppable: true, scope: "operator.read" },
  cron: { droppable: true, scope: "operator.read" },
  "node.pair.requested": { droppable: false, scope: "operator.pairing" },
  "node.pair.resolved": { droppable: false, scope: "operator.pairing" },
  "node.invoke.request": { droppable: false, targeted: true },
  "device.pair.requested": { droppable: false, scope: "operator.pairing" },
  "device.pair.resolved": { droppable: false, scope: "operator.pairing" },
  "voicewake.changed": { droppable: true },
  "exec.approval.requested": { droppable: false, scope: "operator.approvals" },
  "exec.approval.resolved": { droppable: false, scope: "operator.approvals" },
} as const satisfies Record<EventName, EventSpec>;

/** Whether the table has this event. */
export const isEventName = (event: string): event is EventName => Object.hasOwn(EVENTS, event);

/** `hello-ok.features.events`. */
export const ADVERTISED_EVENTS: readonly EventName[] = Object.keys(EVENTS).filter(isEventName);

/** The event's row, or undefined for a name that is not in the table. */
export const eventSpec = (event: string): EventSpec | undefined => (isEventName(event) ? EVENTS[event] : undefined);
