import { arch, hostname, networkInterfaces, platform, release } from "node:os";
import type { PresenceUpdate } from "./presence-entry.ts";

const FAMILIES: Record<string, string> = { darwin: "Mac", win32: "Windows", linux: "Linux" };

/** The gateway's own entry. Asks the operating system, so call it once at start. */
export function describeGateway(version: string): PresenceUpdate {
  const host = hostname();
  const ip = firstAddress();
  const family = FAMILIES[platform()];
  return {
    host,
    ...(ip === undefined ? {} : { ip }),
    version,
    platform: `${platform()} ${release()}`,
    ...(family === undefined ? {} : { deviceFamily: family }),
    modelIdentifier: arch(),
    mode: "gateway",
    reason: "self",
    text: `Gateway: ${host}${ip === undefined ? "" : ` (${ip})`} · app ${version} · mode gateway · reason self`,
  };
}

function firstAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find((address) => address.family === "IPv4" && !address.internal)?.address;
}
