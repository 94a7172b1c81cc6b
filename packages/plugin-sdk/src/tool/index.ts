export type { JsonSchema, Tool, ToolContent, ToolContext, ToolResult } from "./definition.ts";
