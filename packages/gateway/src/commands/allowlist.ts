import { OpenClawError } from "@openclaw/core";
import { errorSentence } from "./error-sentence.ts";
import { type PairingStore, createPairingStore, readAllowlist } from "@openclaw/core/access";
import type { ChannelConfigBase } from "@openclaw/core/config";
import type { RunningAccount } from "../channels/running-account.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { APPLIES, refuseConfigWrite } from "./access/config-writes.ts";
import type { Command, CommandInput } from "./command.ts";

const USAGE =
  "/allowlist list, /allowlist add dm | group <id>, /allowlist remove dm | group <id>; channel=<name> account=<id> name another place";

interface Request {
  verb: string;
  scope: "dm" | "group";
  channel: string;
  account?: string;
  ids: string[];
}

export const allowlist: Command = {
  name: "allowlist",
  args: "[list | add | remove] [dm | group] <id>",
  description: "Who may write to me here.",
  section: "Administration",
  ownerOnly: true,
  async run(args, input, context) {
    const request = readRequest(args, input);
    const running = context.channels.find(request.channel, request.account);
    if (!running)
      return {
        reply: `${request.channel === "webchat" ? "The dashboard has no allowlist" : `No running channel "${request.channel.slice(0, 40)}"`}. Name one with channel=<name>.`,
      };
    const store = pairingOf(running, context);
    if (request.verb === "list") return { reply: list(running, store) };
    if ((request.verb !== "add" && request.verb !== "remove") || request.ids.length !== 1)
      return { reply: `Use ${USAGE}` };
    if (context.config().commands?.config !== true)
      return { reply: "Changing allowlists needs commands.config: true in the configuration." };
    const refusal =
      refuseConfigWrite(input, context) ??
      refuseConfigWrite({ ...input, channel: running.channel, account: running.account.id }, context);
    if (refusal) return { reply: refusal };
    try {
      const done = await change(request, request.ids[0] ?? "", { running, store, context });
      context.log.info(
        `${running.channel} allowlist: ${done} (asked for by ${input.channel} sender ${input.senderId})`,
      );
      return { reply: done };
    } catch (error) {
      if (!OpenClawError.is(error)) throw error;
      return { reply: errorSentence(error) };
    }
  },
};

function readRequest(args: string, input: CommandInput): Request {
  const words = args.trim().split(/\s+/).filter(Boolean);
  const named = (name: string) =>
    words.find((word) => word.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const plain = words.filter((word) => !/^(?:channel|account)=/i.test(word));
  const verb = (plain[0] ?? "list").toLowerCase();
  const scoped = /^(?:dm|group)$/i.test(plain[1] ?? "");
  const channel = named("channel")?.toLowerCase() ?? input.channel;
  return {
    verb,
    scope: scoped ? (plain[1]?.toLowerCase() as "dm" | "group") : input.chatKind === "direct" ? "dm" : "group",
    channel,
    account: named("account") ?? (channel === input.channel ? input.account : undefined),
    ids: plain.slice(scoped ? 2 : 1),
  };
}

function pairingOf({ channel, definition }: RunningAccount, { paths, clock, log }: GatewayContext): PairingStore {
  return createPairingStore({
    dir: paths.credentialsDir,
    channel,
    clock,
    normalize: definition.normalizeId,
    onProblem: (sentence) => log.warn(sentence),
  });
}

function list({ channel, account, definition }: RunningAccount, store: PairingStore): string {
  const rules = account.config as ChannelConfigBase;
  const entries = (value: unknown) => {
    const { ids, wildcard } = readAllowlist(value, definition.normalizeId);
    return [...(wildcard ? ["* (everybody)"] : []), ...ids].join(", ") || "nobody";
  };
  return [
    `${channel}${account.id === "default" ? "" : `/${account.id}`}`,
    `Direct messages (${rules.dmPolicy ?? "pairing"}): ${entries(rules.allowFrom)}`,
    `Approved by pairing: ${entries(store.allowFrom())}`,
    `Groups (${rules.groupPolicy ?? "allowlist"}): ${rules.groupAllowFrom ? entries(rules.groupAllowFrom) : "as direct messages"}`,
  ].join("\n");
}

interface Place {
  running: RunningAccount;
  store: PairingStore;
  context: GatewayContext;
}

/** Direct senders go where pairing puts them and count at once; the group list stands in the configuration alone. */
async function change({ verb, scope }: Request, id: string, { running, store, context }: Place): Promise<string> {
  const { definition } = running;
  const normal = definition.normalizeId(id.trim()).trim();
  if (normal === "" || normal === "*") {
    throw new OpenClawError({
      code: "ALLOWLIST_ID",
      message: `"${id.slice(0, 80)}" is no sender id.`,
      hint: "The other person's /whoami shows theirs. Opening a channel to everybody is done in the configuration.",
    });
  }
  if (verb === "add" && scope === "dm")
    return store.allow(normal) ? `${normal} may write to me directly now.` : `${normal} may write to me already.`;
  const removed = verb === "remove" && scope === "dm" && store.disallow(normal);
  const changed = await editList({ verb, scope, id: normal }, running, context);
  if (!changed && !removed)
    return verb === "add" ? `${normal} is on the list already.` : `${normal} is not on the list.`;
  const where = scope === "dm" ? "write to me directly" : "speak to me in groups";
  const when = changed ? ` ${APPLIES}` : "";
  return verb === "add" ? `${normal} may ${where}.${when}` : `${normal} may no longer ${where}.${when}`;
}

/** False when the list in the file is already as wanted. */
async function editList(
  { verb, scope, id }: { verb: string; scope: "dm" | "group"; id: string },
  running: RunningAccount,
  { configEditor }: GatewayContext,
): Promise<boolean> {
  const { account, definition } = running;
  const { authored } = await configEditor.read();
  const section = authored.channels?.[running.channel];
  const key = scope === "dm" ? "allowFrom" : "groupAllowFrom";
  const own = section?.accounts?.[account.id];
  const inAccount = own !== undefined && (own[key] !== undefined || section?.[key] === undefined);
  const rules = inAccount ? own : section;
  // Without a list of their own groups use the direct one; a new list must not shut those people out.
  const inherited = verb === "add" && scope === "group" ? (own?.allowFrom ?? section?.allowFrom) : undefined;
  const current: readonly (string | number)[] = rules?.[key] ?? inherited ?? [];
  const same = (entry: string | number) => definition.normalizeId(String(entry)).toLowerCase() === id.toLowerCase();
  if (verb === "add" ? current.some(same) : !current.some(same)) return false;
  const value = verb === "add" ? [...current, id] : current.filter((entry) => !same(entry));
  await configEditor.write([
    { path: ["channels", running.channel, ...(inAccount ? ["accounts", account.id] : []), key], value },
  ]);
  return true;
}
