import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Log } from "@openclaw/core";
import { normalizeProvider } from "./reference.ts";

/** One credential of `auth-profiles.json`. Fields that a newer version writes are kept by never writing the file here. */
interface Credential {
  type: "api_key" | "token" | "oauth";
  provider: string;
  key?: string;
  token?: string;
  access?: string;
  /** Epoch ms. */
  expires?: number;
}

interface ProfileStats {
  lastUsed?: number;
  cooldownUntil?: number;
  disabledUntil?: number;
}

interface ProfileFile {
  profiles?: Record<string, Credential>;
  order?: Record<string, string[]>;
  usageStats?: Record<string, ProfileStats>;
}

interface AuthProfile {
  /** `<provider>:<name>`. */
  id: string;
  secret: string;
}

export interface AuthProfiles {
  /** The credential to use for a provider now. Undefined: none that is usable. */
  pick(provider: string): AuthProfile | undefined;
}

export interface AuthProfilesOptions {
  stateDir: string;
  agentId: string;
  /** `auth.order` of the configuration. */
  order: Readonly<Record<string, string[]>>;
  clock: Clock;
  log: Log;
}

/**
 * Reads API keys and tokens from `<state>/agents/<id>/agent/auth-profiles.json`, over those of the main agent. The file
 * is read for each decision, so that a key added or revoked by hand counts from the next turn on.
 */
export function createAuthProfiles({ stateDir, agentId, order, clock, log }: AuthProfilesOptions): AuthProfiles {
  const paths = [...new Set(["main", agentId])].map((id) =>
    join(stateDir, "agents", id, "agent", "auth-profiles.json"),
  );
  return {
    pick(provider) {
      const files = paths.map((path) => readProfiles(path, log));
      const profiles = Object.assign({}, ...files.map((file) => file.profiles ?? {})) as Record<string, Credential>;
      const stats = Object.assign({}, ...files.map((file) => file.usageStats ?? {})) as Record<string, ProfileStats>;
      const stored = files.toReversed().map((file) => file.order?.[provider]);
      const explicit = stored.find((ids) => ids !== undefined) ?? order[provider];
      const now = clock.now();
      const usable = Object.entries(profiles)
        .filter(([, credential]) => normalizeProvider(credential.provider ?? "") === provider)
        .map(([id, credential]) => ({ id, credential, secret: secretOf(credential, now) }))
        .filter((item): item is { id: string; credential: Credential; secret: string } => item.secret !== undefined)
        .filter(({ id }) => !explicit || explicit.includes(id));
      const rest = (id: string) => Math.max(stats[id]?.cooldownUntil ?? 0, stats[id]?.disabledUntil ?? 0, now) - now;
      usable.sort((a, b) => {
        // A resting profile is the last resort, the one that is back soonest first.
        if (rest(a.id) !== rest(b.id)) return rest(a.id) - rest(b.id);
        if (explicit) return explicit.indexOf(a.id) - explicit.indexOf(b.id);
        const kinds = ["oauth", "token", "api_key"];
        const kind = kinds.indexOf(a.credential.type) - kinds.indexOf(b.credential.type);
        return kind || (stats[a.id]?.lastUsed ?? 0) - (stats[b.id]?.lastUsed ?? 0);
      });
      const first = usable[0];
      return first && { id: first.id, secret: first.secret };
    },
  };
}

function readProfiles(path: string, log: Log): ProfileFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return {};
  }
  try {
    return JSON.parse(text) as ProfileFile;
  } catch {
    log.warn(`${path} is not valid JSON; its credentials are left out.`);
    return {};
  }
}

function secretOf(credential: Credential, now: number): string | undefined {
  if (credential.expires !== undefined && credential.expires > 0 && credential.expires <= now) return undefined;
  if (credential.type === "api_key") return credential.key || undefined;
  if (credential.type === "token") return credential.token || undefined;
  return credential.access || undefined;
}
