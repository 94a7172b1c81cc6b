import { OpenClawError } from "@openclaw/core";
import { type ConfigEdit, type OpenClawConfig, REDACTED } from "@openclaw/core/config";
import { defaultAgentId } from "@openclaw/core/routing";
import type { SkillsInstallParams, SkillsStatusParams, SkillsUpdateParams } from "@openclaw/protocol/schema";
import type { ConfigEditor } from "../configuration/config-editor.ts";
import { invalidRequest, unavailable } from "../server/rpc-error.ts";
import type { MethodContext, MethodHandler } from "../server/types.ts";
import { agentEntries } from "../sessions/agent-entries.ts";
import { inspectSkills } from "./inspect-skills.ts";
import { installSkill } from "./install-skill.ts";

export interface SkillMethodsOptions {
  config(): OpenClawConfig;
  env(): Readonly<Record<string, string | undefined>>;
  stateDir: string;
  configEditor: Pick<ConfigEditor, "write">;
}

/** `skills.*` of the wire. */
export function skillMethods({ config, env, stateDir, configEditor }: SkillMethodsOptions): Map<string, MethodHandler> {
  const inspect = (agentId: string) => inspectSkills({ agentId, config: config(), stateDir, env: env() });

  const methods: Record<string, MethodHandler> = {
    "skills.status": async ({ agentId = defaultAgentId(config()) }: SkillsStatusParams) => {
      const id = agentId.toLowerCase();
      if (!agentEntries(config()).some((entry) => entry.id === id))
        throw invalidRequest(`unknown agent id "${agentId}"`);
      const { workspaceDir, managedSkillsDir, skills, problems } = await inspect(id);
      return { workspaceDir, managedSkillsDir, skills, problems };
    },

    /** What nodes look for on their own machine. */
    "skills.bins": async () => {
      const reports = await Promise.all(agentEntries(config()).map(({ id }) => inspect(id)));
      const needed = reports.flatMap(({ skills }) =>
        skills.flatMap(({ requirements: { bins, anyBins } }) => [...bins, ...anyBins]),
      );
      return { bins: [...new Set(needed)].toSorted() };
    },

    // The administrator names the way that `skills.status` described; that is the consent.
    "skills.install": async ({ name, installId, timeoutMs }: SkillsInstallParams, { signal }: MethodContext) => {
      try {
        const agentId = defaultAgentId(config());
        const done = await installSkill({
          agentId,
          config: config(),
          stateDir,
          env: env(),
          name,
          installId,
          timeoutMs,
          signal,
          consent: true,
        });
        return { ok: true, name, ...done };
      } catch (error) {
        if (!OpenClawError.is(error)) throw error;
        throw unavailable(error.message, { code: error.code, ...(error.hint ? { hint: error.hint } : {}) });
      }
    },

    "skills.update": async ({ skillKey, enabled, apiKey, env: variables = {} }: SkillsUpdateParams) => {
      if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(skillKey))
        throw invalidRequest(`"${skillKey}" is not the key of a skill`);
      const entry = ["skills", "entries", skillKey];
      const edits: ConfigEdit[] = [
        ...(enabled === undefined ? [] : [{ path: [...entry, "enabled"], value: enabled }]),
        ...(apiKey === undefined ? [] : [{ path: [...entry, "apiKey"], value: given(apiKey) }]),
        ...Object.entries(variables).map(([name, value]) => ({ path: [...entry, "env", name], value: given(value) })),
      ];
      const invalid = Object.keys(variables).find((name) => !/^[A-Za-z_]\w*$/.test(name));
      if (invalid !== undefined) throw invalidRequest(`"${invalid}" is not the name of a variable`);
      try {
        const { config: next } = edits.length > 0 ? await configEditor.write(edits) : { config: config() };
        return { ok: true, skillKey, config: withoutSecrets(next.skills?.entries?.[skillKey] ?? {}) };
      } catch (error) {
        if (OpenClawError.is(error)) throw invalidRequest(error.message);
        throw error;
      }
    },
  };
  return new Map(Object.entries(methods));
}

/** Empty takes a setting away. */
const given = (text: string): string | undefined => text.trim() || undefined;

type Entry = NonNullable<NonNullable<NonNullable<OpenClawConfig["skills"]>["entries"]>[string]>;

/** Who sent a key knows it; nobody else needs to. */
function withoutSecrets({ apiKey, env, ...rest }: Entry): Entry {
  return {
    ...rest,
    ...(apiKey ? { apiKey: REDACTED } : {}),
    ...(env ? { env: Object.fromEntries(Object.keys(env).map((name) => [name, REDACTED])) } : {}),
  };
}
