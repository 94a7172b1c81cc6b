import type { Tool } from "@openclaw/plugin-sdk/tool";
import type { PromptInput, PromptSection } from "./prompt-input.ts";

const schema = (tool: Tool) => JSON.stringify(tool.parameters).length;

/** Characters per part, for `/context` and the session entry. Names of the fields as the format has them. */
export function promptReport(sections: readonly PromptSection[], input: PromptInput): Record<string, unknown> {
  const chars = sections.map((section) => section.text).join("\n\n").length;
  const project = sections.find((section) => section.name === "project context")?.text.length ?? 0;
  return {
    workspaceDir: input.workspace,
    systemPrompt: { chars, projectContextChars: project, nonProjectContextChars: chars - project },
    sections: sections.map(({ name, text }) => ({ name, chars: text.length })),
    injectedWorkspaceFiles: input.files.map((file) => ({
      name: file.name,
      path: file.path,
      missing: file.missing,
      rawChars: file.rawChars,
      injectedChars: file.content.length,
      truncated: file.truncated,
    })),
    skills: {
      promptChars: sections.find((section) => section.name === "skills")?.text.length ?? 0,
      entries: (input.skills?.skills ?? []).map(({ name }) => ({
        name,
        blockChars: input.skills?.prompt.split("\n").find((line) => line.startsWith(`- ${name}`))?.length ?? 0,
      })),
    },
    tools: {
      listChars: input.tools.reduce((sum, tool) => sum + tool.description.length, 0),
      schemaChars: input.tools.reduce((sum, tool) => sum + schema(tool), 0),
      entries: input.tools.map((tool) => ({
        name: tool.name,
        summaryChars: tool.description.length,
        schemaChars: schema(tool),
        propertiesCount: Object.keys(tool.parameters["properties"] ?? {}).length,
      })),
    },
  };
}
