import { isRecord, numberFrom, textFrom } from "../wire/narrow.ts";

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
    const mode = textFrom(entry.mode) ?? "";
    return {
      id: textFrom(entry.instanceId) ?? textFrom(entry.deviceId) ?? `${mode}-${index}`,
      name: textFrom(entry.host) ?? textFrom(entry.deviceFamily) ?? textFrom(entry.platform) ?? "unknown",
      kind: kinds[mode] ?? (mode || "Client"),
      version: textFrom(entry.version),
      connected: entry.reason !== "disconnect",
      at: numberFrom(entry.ts) ?? 0,
    };
  });
  return rows.toSorted((a, b) => Number(b.kind === "Gateway") - Number(a.kind === "Gateway") || b.at - a.at);
}
