import type { PolicyLayer, ToolRules } from "@openclaw/agent";
import { type GroupRule, type NormalizeId, isListed, readAllowlist } from "@openclaw/core/access";

interface Place {
  channel: string;
  chatId: string;
  senderIds: readonly string[];
  normalize: NormalizeId;
}

/**
 * The tool rules that a group's entry sets for one sender: `tools` for everybody, then the sender's own in
 * `toolsBySender` (id or `@username`), else those of `*` in there.
 */
export function toolRulesFor(
  { tools, toolsBySender }: GroupRule,
  { channel, chatId, senderIds, normalize }: Place,
): PolicyLayer[] {
  const label = `channels.${channel}.groups[${JSON.stringify(chatId)}]`;
  const bySender = isRules(toolsBySender) ? Object.entries(toolsBySender) : [];
  const [name, own] =
    bySender.find(([id]) => id !== "*" && isListed(readAllowlist([id], normalize), senderIds, normalize)) ??
    bySender.find(([id]) => id === "*") ??
    [];
  return [
    ...(isRules(tools) ? [{ label: `${label}.tools`, rules: tools }] : []),
    ...(name !== undefined && isRules(own)
      ? [{ label: `${label}.toolsBySender[${JSON.stringify(name)}]`, rules: own }]
      : []),
  ];
}

const isRules = (value: unknown): value is ToolRules =>
  typeof value === "object" && value !== null && !Array.isArray(value);
