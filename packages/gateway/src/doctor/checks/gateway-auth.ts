import { randomBytes } from "node:crypto";
import { OpenClawError } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { assertAuth, authSettings } from "../../settings/auth.ts";
import { type NetworkOptions, resolveNetwork } from "../../settings/network.ts";
import { type Finding, withConfiguration } from "../check.ts";

/** Fewer characters can be guessed by somebody who may try often. */
const SHORT = 16;

export const gatewayAuth = withConfiguration({
  id: "gateway-auth",
  group: "gateway",
  title: "Only those with the token reach the gateway",
  run({ config, env, loaded, paths, editor }) {
    if (!loaded.exists || config.gateway?.mode === "remote") return [];
    const auth = authSettings(config, { env });
    const loopbackOnly = staysOnThisMachine(config, { env, defaultPort: paths.defaultPort });
    const findings: Finding[] = [];
    try {
      assertAuth(auth, loopbackOnly);
    } catch (error) {
      if (!OpenClawError.is(error)) throw error;
      const fix = {
        summary: "Makes a random token and writes it to gateway.auth.token.",
        apply: async () =>
          void (await editor.write([{ path: ["gateway", "auth", "token"], value: randomBytes(24).toString("hex") }])),
      };
      findings.push({
        severity: "error",
        message: error.message,
        hint: error.hint,
        ...(auth.mode === "token" ? { fix } : {}),
      });
    }
    const secret = auth[auth.mode];
    if (secret && secret.length < SHORT) {
      findings.push({
        severity: loopbackOnly ? "warning" : "error",
        message: `The gateway's ${auth.mode} has only ${secret.length} characters.`,
        hint:
          auth.mode === "token"
            ? "Take it away (openclaw config unset gateway.auth.token), then: openclaw doctor --generate-gateway-token"
            : `Choose one of at least ${SHORT} characters.`,
      });
    }
    return findings;
  },
});

/** An address that cannot be resolved is told by `gateway-port`; until then the worst is assumed. */
function staysOnThisMachine(config: OpenClawConfig, options: NetworkOptions): boolean {
  try {
    return resolveNetwork(config, options).loopbackOnly;
  } catch {
    return false;
  }
}
