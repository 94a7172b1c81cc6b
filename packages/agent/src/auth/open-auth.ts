import { join } from "node:path";
import type { Clock, Log } from "@openclaw/core";
import { normalizeProvider } from "../models/reference.ts";
import type { AgentSettings } from "../settings.ts";
import { agentDirOf } from "./agent-dir.ts";
import { createAuthStore, type AuthStore } from "./auth-store.ts";
import { createCredentials, type Credentials, type CredentialsOptions } from "./credentials.ts";
import type { OAuthFlows } from "./oauth-flows.ts";

export interface OpenAuthOptions extends Pick<CredentialsOptions, "providers" | "isLocal"> {
  settings: AgentSettings;
  stateDir: string;
  agentId: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  log: Log;
  /** Default: pi's. */
  flows?: OAuthFlows;
}

/** The credentials of one agent, where its configuration says they are. Reads nothing yet. */
export function openAuth(options: OpenAuthOptions): { store: AuthStore; credentials: Credentials } {
  const { settings, stateDir, agentId, env, clock, log, flows } = options;
  const agentDir = agentFolder(options);
  const store = createAuthStore({
    agentDir,
    mainDir: agentId === "main" ? agentDir : agentDirOf({ stateDir, agentId: "main", env }),
    legacyDir: env["OPENCLAW_OAUTH_DIR"]?.trim() || join(stateDir, "credentials"),
    log,
  });
  const credentials = createCredentials({
    store,
    preferences: {
      order: Object.fromEntries(Object.entries(settings.authOrder).map(([id, ids]) => [normalizeProvider(id), ids])),
      profiles: settings.authProfiles,
    },
    policy: settings.cooldowns,
    providers: options.providers,
    env,
    isLocal: options.isLocal,
    ...(flows ? { flows } : {}),
    clock,
    log,
  });
  return { store, credentials };
}

/** `<agentDir>` of one agent: its credentials, `models.json` and what programs it calls leave behind. */
export function agentFolder({
  settings,
  stateDir,
  agentId,
  env,
}: Pick<OpenAuthOptions, "settings" | "stateDir" | "agentId" | "env">): string {
  return agentDirOf({ stateDir, agentId, env, ...(settings.agentDir ? { configured: settings.agentDir } : {}) });
}
