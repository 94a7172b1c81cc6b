/** What a message brings for commands, fixed when it comes in: its directives, and whether its sender may go elevated. */
export interface SenderAccess {
  /** An owner, who may change the installation. */
  owner?: boolean;
  /** Why the sender may not; undefined when they may. */
  refused?: string;
  /** `/elevated` inside the message. */
  level?: string;
  /** `/exec` inside the message. */
  exec?: { host?: string; security?: string; ask?: string; node?: string };
}

/** Said of a turn that no person asked for. */
export const NOBODY = "No person who may use elevated commands asked for this.";

/** Whether one sender may not do what the other may. */
export function mayLess(one: SenderAccess | undefined, other: SenderAccess | undefined): boolean {
  if (other === undefined) return false;
  if (other.owner && !one?.owner) return true;
  return other.refused === undefined && (one === undefined || one.refused !== undefined);
}

/** For several messages that become one turn: what any of them may not, all of them may not. */
export function joinSenders(senders: readonly (SenderAccess | undefined)[]): SenderAccess | undefined {
  const refused = senders.find((sender) => !sender || sender.refused !== undefined);
  if (senders.some((sender) => !sender)) return undefined;
  const owner = senders.every((sender) => sender?.owner);
  return { ...senders[0], owner, ...(refused ? { refused: refused.refused ?? NOBODY } : {}) };
}
