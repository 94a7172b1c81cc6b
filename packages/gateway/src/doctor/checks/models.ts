import { OpenClawError } from "@openclaw/core";
import { inspectModels, type InspectOptions } from "../../installation/inspect-models.ts";
import { agentEntries } from "../../sessions/agent-entries.ts";
import { type Finding, withConfiguration } from "../check.ts";
import { waitingCredentials } from "../stored-credentials.ts";

export const models = withConfiguration({
  id: "models",
  group: "models",
  title: "Every assistant has a model",
  async run({ config, env, paths }) {
    if (config.gateway?.mode === "remote") return [];
    // Looking for a login would take the old ones over, and looking must not write.
    if (waitingCredentials(paths).length > 0)
      return [
        { severity: "info", message: "Not looked at before the logins of the older installation are taken over." },
      ];
    const findings: Finding[] = [];
    for (const { id } of agentEntries(config)) {
      try {
        const options = { agentId: id, config, stateDir: paths.stateDir, env };
        const { resolution } = await inspectModels(options);
        if (resolution.source === "offline") {
          findings.push({
            severity: "info",
            message: `No language model is connected for ${id}; fixed rules answer (offline mode).`,
            hint: "Set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY, start Ollama, or: openclaw models set <provider/model>",
          });
        } else if (!(await canSignIn(resolution.provider, options))) {
          findings.push({
            severity: "warning",
            message: `The model of ${id} is ${resolution.provider}/${resolution.model}, but there is no key or login for ${resolution.provider}.`,
            hint: `Set its key in the environment, or in ${paths.envFile}; openclaw models status tells what was looked for.`,
          });
        }
      } catch (error) {
        if (!OpenClawError.is(error)) throw error;
        findings.push({
          severity: "error",
          message: `The model of ${id} cannot be used: ${error.message}`,
          ...(error.hint ? { hint: error.hint } : {}),
        });
      }
    }
    return findings;
  },
});

/** Servers on this machine, which ask for no key. */
const KEYLESS = ["ollama", "lmstudio", "llamacpp", "vllm", "litellm", "offline"];

async function canSignIn(provider: string, options: InspectOptions): Promise<boolean> {
  const { agents, models: configured } = options.config;
  // A provider or program that the configuration describes may need none; what it answers tells.
  const described = [...Object.keys(configured?.providers ?? {}), ...Object.keys(agents?.defaults?.cliBackends ?? {})];
  if (KEYLESS.includes(provider) || provider.endsWith("-cli") || described.includes(provider)) return true;
  const { createModelAuth } = await import("@openclaw/agent");
  return createModelAuth(options)
    .status()
    .some((status) => status.provider === provider && status.uses !== undefined);
}
