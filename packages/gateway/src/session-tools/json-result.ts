import type { ToolResult } from "@openclaw/plugin-sdk/tool";

/** A tool's answer as data: the model reads the JSON, user interfaces get the value. */
export const jsonResult = (value: unknown): ToolResult => ({
  content: [{ type: "text", text: JSON.stringify(value) }],
  details: value,
});
