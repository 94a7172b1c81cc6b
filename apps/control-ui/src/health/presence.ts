import { isRecord } from "../storage/json-record.ts";

/** Something that is connected, or was within the last minutes. */
export interface PresenceRow {
  id: string;
  name: string;
  kind: string;
  version?: string;
  connected: boolean;
  at: number;
}

const kinds: Readonly<Record<string, string>> = {
  gateway: "Gateway",
  webchat: "Dashboard",
  ui: "App",
  node: "Device",
  cli: "Command line",
  backend: "Service",
};

/** Reads presence entries; the gateway's own comes first, then the newest. */
export function readPresence(entries: unknown): PresenceRow[] {
  if (!Array.isArray(entries)) return [];
  const rows = entries.filter(isRecord).map((entry, index): PresenceRow => {
    const mode = String(entry.mode ?? "");
    return {
      id: String(entry.instanceId ?? entry.deviceId ?? `${mode}-${index}`),
      name: String(entry.host ?? entry.deviceFamily ?? entry.platform ?? "unknown"),
      kind: kinds[mode] ?? (mode || "Client"),
      version: typeof entry.version === "string" ? entry.version : undefined,
      connected: entry.reason !== "disconnect",
      at: typeof entry.ts === "number" ? entry.ts : 0,
    };
  });
  return rows.toSorted((a, b) => Number(b.kind === "Gateway") - Number(a.kind === "Gateway") || b.at - a.at);
}
