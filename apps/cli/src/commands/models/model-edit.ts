import { type ConfigEdit, getAt, type OpenClawConfig } from "@openclaw/core/config";

/** The edit that makes a model the primary one: `agents.defaults.model` is a text, or a section with fallbacks. */
export function primaryModelEdit(authored: OpenClawConfig, model: string): ConfigEdit {
  const path = ["agents", "defaults", "model"];
  const current = getAt(authored, path);
  return { path: typeof current === "object" && current !== null ? [...path, "primary"] : path, value: model };
}
