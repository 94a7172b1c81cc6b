import type { AgentSettings } from "../settings.ts";
import type { PolicyLayer } from "./tool-policy.ts";

/**
 * What the configuration asks to be confined and this version cannot confine: it is taken away instead of being run in
 * the open. A sandbox that is configured but absent, and commands that need an approval nobody could give.
 */
export function hostAccessRules(settings: AgentSettings, sessionKey: string): PolicyLayer[] {
  const layers: PolicyLayer[] = [];
  const { sandboxMode, execAccess, mainSessionKeys } = settings;
  if (sandboxMode === "all" || (sandboxMode === "non-main" && !mainSessionKeys.includes(sessionKey))) {
    layers.push({
      label: `agents.defaults.sandbox.mode "${sandboxMode}" without a sandbox`,
      rules: { deny: ["group:fs", "group:runtime"] },
    });
  }
  const { host, security, ask } = execAccess;
  const restricted = [
    ...(security === "deny" || security === "allowlist" ? [`security "${security}"`] : []),
    ...(ask === "always" ? ['ask "always"'] : []),
    ...(host === "node" ? ['host "node"'] : []),
  ];
  if (restricted.length > 0) {
    layers.push({
      label: `tools.exec.${restricted.join(", ")} without approvals`,
      rules: { deny: ["exec", "process"] },
    });
  }
  return layers;
}
