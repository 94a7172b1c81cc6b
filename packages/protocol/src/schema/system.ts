import { Type, type Static } from "typebox";
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

/** Params of methods that take none and ignore what they get. */
export const AnyParams = Type.Unknown();
export type AnyParams = Static<typeof AnyParams>;

/** `probe` also asks the platforms; without it the answer comes from a cache. */
export const HealthParams = open({ probe: optional(flag()) });
export type HealthParams = Static<typeof HealthParams>;

export const LogsTailParams = strict({
  /** Byte offset; beyond the file's size the answer starts over with `reset:true`. */
  cursor: optional(int(0)),
  limit: optional(int(1, 5000)),
  maxBytes: optional(int(1, 1_000_000)),
});
export type LogsTailParams = Static<typeof LogsTailParams>;

export const SystemEventParams = open({
  text: text(),
  deviceId: optional(string()),
  instanceId: optional(string()),
  host: optional(string()),
  ip: optional(string()),
  mode: optional(string()),
  version: optional(string()),
  platform: optional(string()),
  deviceFamily: optional(string()),
  modelIdentifier: optional(string()),
  lastInputSeconds: optional(Type.Number()),
  reason: optional(string()),
  roles: optional(list(string())),
  scopes: optional(list(string())),
  tags: optional(list(string())),
});
export type SystemEventParams = Static<typeof SystemEventParams>;

export const SetHeartbeatsParams = open({ enabled: flag() });
export type SetHeartbeatsParams = Static<typeof SetHeartbeatsParams>;

export const WakeParams = strict({ mode: oneOf(["now", "next-heartbeat"]), text: text() });
export type WakeParams = Static<typeof WakeParams>;

export const TalkModeParams = strict({ enabled: flag(), phase: optional(string()) });
export type TalkModeParams = Static<typeof TalkModeParams>;

export const VoicewakeSetParams = open({ triggers: list(string()) });
export type VoicewakeSetParams = Static<typeof VoicewakeSetParams>;

export const UsageCostParams = open({ days: optional(int(1)) });
export type UsageCostParams = Static<typeof UsageCostParams>;

/** `query` values become the query string. The handler refuses methods other than GET, POST and DELETE. */
export const BrowserRequestParams = open({
  method: text(),
  path: text(),
  query: optional(anything()),
  body: optional(anything()),
  timeoutMs: optional(int(0)),
});
export type BrowserRequestParams = Static<typeof BrowserRequestParams>;

/** One client, node or gateway that was seen lately. Kept 5 minutes, at most 200. */
export const PresenceEntry = open({
  host: optional(string()),
  ip: optional(string()),
  version: optional(string()),
  platform: optional(string()),
  deviceFamily: optional(string()),
  modelIdentifier: optional(string()),
  /** The client's mode; "gateway" for the gateway itself. */
  mode: optional(string()),
  lastInputSeconds: optional(Type.Number()),
  /** "self", "connect", "disconnect", "node-connected", "periodic" or a reporter's own word. */
  reason: optional(string()),
  tags: optional(list(string())),
  text: optional(string()),
  ts: time(),
  deviceId: optional(string()),
  roles: optional(list(string())),
  scopes: optional(list(string())),
  instanceId: optional(string()),
});
export type PresenceEntry = Static<typeof PresenceEntry>;

/** Newest first; a bare array on the wire. */
export const PresenceList = list(PresenceEntry);
export type PresenceList = Static<typeof PresenceList>;

const sessionSummary = () =>
  open({
    path: string(),
    count: int(0),
    recent: list(open({ key: text(), updatedAt: nullable(time()), age: nullable(int(0)) })),
  });

/** Result of `health` and payload of event `health`. */
export const HealthSummary = open({
  ok: flag(),
  ts: time(),
  durationMs: int(0),
  channels: mapOf(anything()),
  channelOrder: list(string()),
  channelLabels: mapOf(string()),
  heartbeatSeconds: int(0),
  defaultAgentId: string(),
  agents: list(
    open({
      agentId: text(),
      name: optional(string()),
      isDefault: flag(),
      heartbeat: optional(
        open({
          enabled: flag(),
          every: string(),
          everyMs: nullable(int(0)),
          prompt: optional(string()),
          target: optional(string()),
          ackMaxChars: optional(int(0)),
        }),
      ),
      sessions: optional(sessionSummary()),
    }),
  ),
  sessions: sessionSummary(),
});
export type HealthSummary = Static<typeof HealthSummary>;

export const LogsTailResult = open({
  file: string(),
  cursor: int(0),
  size: int(0),
  lines: list(string()),
  truncated: flag(),
  reset: flag(),
});
export type LogsTailResult = Static<typeof LogsTailResult>;

export const OkResult = open({ ok: flag() });
export type OkResult = Static<typeof OkResult>;

export const SetHeartbeatsResult = open({ ok: flag(), enabled: flag() });
export type SetHeartbeatsResult = Static<typeof SetHeartbeatsResult>;

export const VoicewakeResult = open({ triggers: list(string()) });
export type VoicewakeResult = Static<typeof VoicewakeResult>;

/** Also the payload of event `talk.mode`. */
export const TalkModeResult = open({ enabled: flag(), phase: optional(nullable(string())), ts: time() });
export type TalkModeResult = Static<typeof TalkModeResult>;

/** Payload of event `heartbeat`; the result of `last-heartbeat` is the last one or `null`. */
export const HeartbeatEvent = open({
  ts: time(),
  status: text(),
  reason: optional(string()),
  durationMs: optional(int(0)),
});
export type HeartbeatEvent = Static<typeof HeartbeatEvent>;

export const LastHeartbeatResult = nullable(HeartbeatEvent);
export type LastHeartbeatResult = Static<typeof LastHeartbeatResult>;

/** Payload of event `connect.challenge`, the first frame on every socket. */
export const ConnectChallenge = open({ nonce: text(), ts: time() });
export type ConnectChallenge = Static<typeof ConnectChallenge>;

export const TickEvent = open({ ts: time() });
export type TickEvent = Static<typeof TickEvent>;

export const PresenceEvent = open({ presence: PresenceList });
export type PresenceEvent = Static<typeof PresenceEvent>;

/** Payload of event `shutdown`: "gateway restarting" with an expected time in ms, or "gateway stopping" with null. */
export const ShutdownEvent = open({ reason: string(), restartExpectedMs: nullable(int(0)) });
export type ShutdownEvent = Static<typeof ShutdownEvent>;
