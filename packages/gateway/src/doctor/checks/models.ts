import { OpenClawError } from "@openclaw/core";
import { inspectModels } from "../../installation/inspect-models.ts";
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
    if (waitingCredentials(paths).length > 0) return [{ severity: "info", message: "Not looked at before the logins of the older installation are taken over." }];
    const findings: Finding[] = [];
    for (const { id } of agentEntries(config)) {
      try {
        const { resolution } = await inspectModels({ agentId: id, config, stateDir: paths.stateDir, env });
        if (resolution.source === "offline") {
          findings.push({
            severity: "info",
            message: `No language model is connected for ${id}; fixed rules answer (offline mode).`,
            hint: "Set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY, start Ollama, or: openclaw models set <provider/model>",
          });
        }
      } catch (error) {
        if (!OpenClawError.is(error)) throw error;
        findings.push({ severity: "error", message: `The model of ${id} cannot be used: ${error.message}`, ...(error.hint ? { hint: error.hint } : {}) });
      }
    }
    return findings;
  },
});
