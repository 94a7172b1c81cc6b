import { isRecord, numberFrom, textFrom } from "../wire/narrow.ts";

type Tone = "good" | "idle" | "warning" | "bad";

/** One direction of a channel account, in words. */
export interface Direction {
  tone: Tone;
  text: string;
  /** Epoch ms of the last proof of life. */
  lastOkAt?: number;
}

export interface ChannelAccountStatus {
  id: string;
  channel: string;
  name: string;
  tone: Tone;
  summary: string;
  /** Receiving messages. */
  inbound: Direction;
  /** Sending messages. */
  outbound: Direction;
  /** What a person has to do. */
  problem?: string;
}

/** Reads a `channels.status` answer, one entry for each account, in the gateway's order. */
export function readChannelStatus(answer: unknown): ChannelAccountStatus[] {
  if (!isRecord(answer) || !isRecord(answer.channelAccounts)) return [];
  const labels = isRecord(answer.channelLabels) ? answer.channelLabels : {};
  const order = Array.isArray(answer.channelOrder) ? answer.channelOrder.map(String) : [];
  const ids = [...new Set([...order, ...Object.keys(answer.channelAccounts)])];
  const accounts = answer.channelAccounts;
  return ids.flatMap((channel) => {
    const list: unknown = accounts[channel];
    if (!Array.isArray(list)) return [];
    return list.filter(isRecord).map((account) => readAccount(channel, labels[channel], account, list.length > 1));
  });
}

function readAccount(
  channel: string,
  label: unknown,
  account: Record<string, unknown>,
  several: boolean,
): ChannelAccountStatus {
  const health = isRecord(account.health) ? account.health : account;
  const accountId = textFrom(account.accountId) ?? "default";
  const identity = textFrom(health.identity) ?? textFrom(account.name);
  const shown = textFrom(label) ?? channel;
  const name = several ? `${shown} (${identity ?? accountId})` : identity ? `${shown} ${identity}` : shown;
  const base = { id: `${channel}:${accountId}`, channel, name };

  const inbound = direction(health.inbound, account, "inbound");
  const outbound = direction(health.outbound, account, "outbound");
  if (account.enabled === false) return { ...base, tone: "idle", summary: "Switched off", inbound, outbound };
  if (account.configured === false) {
    const problem = `Not set up yet. Run: openclaw channels add ${channel}`;
    return { ...base, tone: "idle", summary: "Not set up", inbound, outbound, problem };
  }
  const problem = textFrom(health.problem) ?? textFrom(account.lastError);
  return { ...base, ...verdict(inbound, outbound, problem), inbound, outbound, problem };
}

function verdict(inbound: Direction, outbound: Direction, problem?: string): { tone: Tone; summary: string } {
  if (inbound.tone === "bad" && outbound.tone === "bad") return { tone: "bad", summary: "Not working" };
  if (inbound.tone === "bad") return { tone: "bad", summary: "Cannot receive messages" };
  if (outbound.tone === "bad") return { tone: "bad", summary: "Cannot send messages" };
  if (inbound.tone === "warning" || outbound.tone === "warning") return { tone: "warning", summary: "Connecting" };
  if (problem) return { tone: "warning", summary: "Needs attention" };
  return inbound.tone === "good" ? { tone: "good", summary: "Working" } : { tone: "idle", summary: "Idle" };
}

const words: Readonly<Record<string, { tone: Tone; text: string }>> = {
  up: { tone: "good", text: "working" },
  idle: { tone: "idle", text: "not used yet" },
  connecting: { tone: "warning", text: "connecting" },
  down: { tone: "bad", text: "not working" },
};

function direction(value: unknown, account: Record<string, unknown>, side: "inbound" | "outbound"): Direction {
  if (isRecord(value) && typeof value.state === "string") {
    const known = words[value.state] ?? { tone: "warning", text: value.state };
    return { tone: known.tone, text: textFrom(value.lastError) ?? known.text, lastOkAt: numberFrom(value.lastOkAt) };
  }
  // Gateways that tell only whether the account runs.
  const lastOkAt = numberFrom(account[side === "inbound" ? "lastInboundAt" : "lastOutboundAt"]);
  if (account.running === false) return { tone: "bad", text: "stopped", lastOkAt };
  if (account.connected === false) return { tone: "warning", text: "connecting", lastOkAt };
  return account.running === true
    ? { tone: "good", text: "working", lastOkAt }
    : { tone: "idle", text: "unknown", lastOkAt };
}
