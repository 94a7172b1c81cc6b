import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { SkillSnapshot } from "../skills/skill-library.ts";
import type { InjectedFile } from "../workspace/bootstrap-files.ts";

export interface PromptInput {
  mode: "full" | "minimal" | "none";
  tools: readonly Tool[];
  workspace: string;
  /** Text of the section about the sandbox, in one. */
  sandbox?: string;
  /** `small`: few words, for models with a small window. */
  profile?: "full" | "small";
  files: readonly InjectedFile[];
  timezone: string;
  timeFormat: "auto" | "12" | "24";
  /** Aliases of the configured models, `alias: provider/model`. */
  aliases: readonly string[];
  /** What the session was told of skills. They are files, so without a tool that reads they are left out. */
  skills?: Pick<SkillSnapshot, "prompt" | "skills">;
  runtime: RuntimeFacts;
  /** Group intro, sub-agent task. */
  extra?: string;
  /** Addresses under which the owner writes. */
  owners?: readonly string[];
  /** How freely to react to messages, where the channel can. */
  reactions?: "minimal" | "extensive";
}

export interface RuntimeFacts {
  agentId: string;
  host: string;
  os: string;
  node: string;
  model: string;
  defaultModel: string;
  channel?: string;
  /** What the channel can beyond text, e.g. `inlineButtons`. */
  capabilities?: readonly string[];
  thinking: string;
  /** Whether people see the reasoning: `off`, `on`, `stream`. */
  reasoning?: string;
  repo?: string;
}

/** One section of the prompt, for the report. */
export interface PromptSection {
  name: string;
  text: string;
}
