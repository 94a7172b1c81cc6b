import type { Clock } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import type { ApprovalEnd, PendingApproval } from "./approval-desk.ts";

/** A chat that is told. */
export interface ApprovalChat {
  channel: string;
  account?: string;
  /** The channel's own writing of the target. */
  target: string;
}

/** A configured chat as its channel writes targets; a thread is named as people paste it. */
export function configuredTarget({ to, threadId }: { to: string; threadId?: string | number }): string {
  return threadId === undefined ? to : `${to}:thread:${threadId}`;
}

export interface ForwardOptions {
  config(): OpenClawConfig;
  /** The chat that the session's running turn came from. */
  sessionChat(sessionKey: string): ApprovalChat | undefined;
  /** Sends a notice; delivery is somebody else's business. `key` names it, so that it is sent once. */
  notify(chat: ApprovalChat, text: string, key: string): void;
  clock: Clock;
}

export interface ApprovalForwarder {
  /** The chats that are asked about a command; empty when forwarding is off or a filter leaves it out. */
  chats(about: { agentId: string | null; sessionKey: string | null }): ApprovalChat[];
  requested(pending: PendingApproval): void;
  ended(pending: PendingApproval, end: ApprovalEnd): void;
}

const MAX_COMMAND = 1500;

/** `approvals.exec`: puts questions about commands into chats too, and says there how they ended. */
export function createApprovalForwarder({ config, sessionChat, notify, clock }: ForwardOptions): ApprovalForwarder {
  function chats({ agentId, sessionKey }: { agentId: string | null; sessionKey: string | null }): ApprovalChat[] {
    const {
      enabled,
      mode = "session",
      agentFilter = [],
      sessionFilter = [],
      targets = [],
    } = config().approvals?.exec ?? {};
    if (!enabled) return [];
    if (agentFilter.length > 0 && !agentFilter.some((id) => id.toLowerCase() === agentId?.toLowerCase())) return [];
    if (sessionFilter.length > 0 && !sessionFilter.some((filter) => matches(filter, sessionKey ?? ""))) return [];
    const own = mode !== "targets" && sessionKey ? sessionChat(sessionKey) : undefined;
    const listed =
      mode === "session"
        ? []
        : targets.map((chat) => ({
            channel: chat.channel,
            target: configuredTarget(chat),
            ...(chat.accountId ? { account: chat.accountId } : {}),
          }));
    const all = [...(own ? [own] : []), ...listed];
    return all.filter((chat, index) => all.findIndex((other) => sameChat(other, chat)) === index);
  }

  const tell = (pending: PendingApproval, text: string, phase: string) => {
    for (const [index, chat] of chats(pending.request).entries())
      notify(chat, text, `approval:${pending.id}:${phase}:${index}`);
  };

  return {
    chats,
    requested(pending) {
      tell(pending, question(pending, clock.now()), "requested");
    },
    ended(pending, end) {
      const slug = pending.id.slice(0, 8);
      const text =
        end.decision === null
          ? `Approval ${slug} expired: nobody answered.`
          : `Approval ${slug}: ${end.decision}${end.resolvedBy ? ` by ${end.resolvedBy}` : ""}.`;
      tell(pending, text, "ended");
    },
  };
}

function question({ id, request, expiresAtMs }: PendingApproval, now: number): string {
  const slug = id.slice(0, 8);
  const { command, cwd, host, agentId } = request;
  const shown =
    command.length > MAX_COMMAND ? `${command.slice(0, MAX_COMMAND)}… (${command.length} characters)` : command;
  // A fence longer than any in the command, or it would end the block by itself.
  const fence = "`".repeat(Math.max(3, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [
    `A command waits for approval (${slug}, ${Math.round((expiresAtMs - now) / 1000)} s):`,
    `${fence}\n${shown}\n${fence}`,
    [agentId ? `Agent ${agentId}` : "", host ? `host ${host}` : "", cwd ? `in ${cwd}` : ""].filter(Boolean).join(", "),
    `/approve ${slug} allow-once, allow-always or deny`,
  ]
    .filter(Boolean)
    .join("\n");
}

/** A part of the key, or a pattern with `*`. */
function matches(filter: string, sessionKey: string): boolean {
  const wanted = filter.trim().toLowerCase();
  const key = sessionKey.toLowerCase();
  if (!wanted.includes("*")) return key.includes(wanted);
  const parts = wanted.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`).test(key);
}

function sameChat(a: ApprovalChat, b: ApprovalChat): boolean {
  return a.channel === b.channel && (a.account ?? "default") === (b.account ?? "default") && a.target === b.target;
}
