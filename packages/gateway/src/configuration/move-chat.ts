import type { Log } from "@openclaw/core";
import type { ChannelConfigBase, ConfigEdit, OpenClawConfig } from "@openclaw/core/config";
import type { ConfigEditor } from "./config-editor.ts";

export interface MovedChat {
  channel: string;
  account: string;
  /** Chat ids before and after. */
  from: string;
  to: string;
}

interface Section extends ChannelConfigBase {
  accounts?: Readonly<Record<string, ChannelConfigBase>>;
}

/**
 * Follows a chat that got another id: its rules and bindings are written under the new one, unless `configWrites` is
 * off. What stands under the new id already stays as it is.
 */
export async function moveChat(
  editor: ConfigEditor,
  config: OpenClawConfig,
  moved: MovedChat,
  log: Log,
): Promise<void> {
  const { channel, account, from, to } = moved;
  const section = (config.channels as Readonly<Record<string, Section>> | undefined)?.[channel];
  const edits = [
    ...groupEdits(["channels", channel], section, moved),
    ...groupEdits(["channels", channel, "accounts", account], section?.accounts?.[account], moved),
    ...bindingEdits(config, moved),
  ];
  if (edits.length === 0) return;
  if ((section?.accounts?.[account]?.configWrites ?? section?.configWrites) === false) {
    log.warn(
      `${channel}: the chat ${from} is ${to} now. Change it in channels.${channel}.groups and bindings; configWrites is off.`,
    );
    return;
  }
  try {
    await editor.write(edits);
    log.info(`${channel}: the chat ${from} is ${to} now; the configuration follows`);
  } catch (error) {
    // The chat itself goes on; only its rules stay behind.
    log.warn(`${channel}: the chat ${from} is ${to} now, but the configuration could not follow: ${String(error)}`);
  }
}

function groupEdits(
  path: readonly string[],
  rules: ChannelConfigBase | undefined,
  { from, to }: MovedChat,
): ConfigEdit[] {
  const groups = rules?.groups as Readonly<Record<string, unknown>> | undefined;
  if (groups?.[from] === undefined || groups[to] !== undefined) return [];
  return [
    { path: [...path, "groups", to], value: groups[from] },
    { path: [...path, "groups", from], value: undefined },
  ];
}

function bindingEdits({ bindings = [] }: OpenClawConfig, { channel, from, to }: MovedChat): ConfigEdit[] {
  return bindings.flatMap(({ match }, index) =>
    match.channel === channel && match.peer !== undefined && String(match.peer.id) === from
      ? [{ path: ["bindings", index, "match", "peer", "id"], value: to }]
      : [],
  );
}
