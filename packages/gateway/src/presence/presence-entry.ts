/** One client, node or gateway that was seen lately, as `system-presence` and `presence` events carry it. */
export interface PresenceEntry {
  host?: string;
  ip?: string;
  version?: string;
  platform?: string;
  deviceFamily?: string;
  modelIdentifier?: string;
  mode?: string;
  lastInputSeconds?: number;
  reason?: string;
  tags?: string[];
  deviceId?: string;
  roles?: string[];
  scopes?: string[];
  instanceId?: string;
  text: string;
  /** Epoch milliseconds of the last sign of life. */
  ts: number;
}

/** An entry before the list stamps it; a missing text is composed from the other fields. */
export type PresenceUpdate = Omit<PresenceEntry, "ts" | "text"> & { text?: string };

/** What makes two reports the same entry; the first field that is present decides. */
export function presenceKey(entry: PresenceUpdate): string {
  for (const field of ["deviceId", "instanceId", "host", "ip", "text"] as const) {
    const value = entry[field]?.trim().toLowerCase();
    if (value) return `${field === "text" ? "text:" : ""}${value}`;
  }
  return "unknown";
}

/** `Node: <host> (<ip>) · app <version> · mode <mode>`, leaving out what is not known. */
export function describePresence({ host, ip, mode }: PresenceUpdate): string {
  const name = host ?? ip ?? "unknown";
  const address = ip !== undefined && ip !== name ? ` (${ip})` : "";
  return `Node: ${name}${address}${mode === undefined ? "" : ` · mode ${mode}`}`;
}
