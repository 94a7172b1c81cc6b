import type { Message, MessageEntity, User } from "grammy/types";

const entitiesOf = (message: Message): MessageEntity[] => message.entities ?? message.caption_entities ?? [];
export const rawTextOf = (message: Message): string => message.text ?? message.caption ?? "";

/** The text as written, hidden link addresses made visible, and things that are no text described in brackets. */
export function readText(message: Message): string {
  const raw = rawTextOf(message);
  return raw === "" ? describeSpecial(message) : revealLinks(raw, entitiesOf(message));
}

function revealLinks(text: string, entities: readonly MessageEntity[]): string {
  const links = entities.flatMap((entity) => (entity.type === "text_link" ? [entity] : []));
  return links
    .toSorted((a, b) => b.offset - a.offset)
    .reduce((result, { offset, length, url }) => {
      const end = offset + length;
      return text.slice(offset, end) === url ? result : `${result.slice(0, end)} (${url})${result.slice(end)}`;
    }, text);
}

function describeSpecial(message: Message): string {
  const { venue, location, contact, poll, dice } = message;
  if (venue !== undefined)
    return `[Venue: ${venue.title}, ${venue.address} (${venue.location.latitude}, ${venue.location.longitude})]`;
  if (location !== undefined) {
    const accuracy = location.horizontal_accuracy === undefined ? "" : ` ±${location.horizontal_accuracy} m`;
    const live = location.live_period === undefined ? "Location" : "Live location";
    return `[${live}: ${location.latitude}, ${location.longitude}${accuracy}]`;
  }
  if (contact !== undefined)
    return `[Contact: ${[contact.first_name, contact.last_name].filter(Boolean).join(" ")} ${contact.phone_number}]`;
  if (poll !== undefined)
    return `[Poll: ${poll.question} ${poll.options.map((option) => `- ${option.text}`).join(" ")}]`;
  if (dice !== undefined) return `[Dice ${dice.emoji}: ${dice.value}]`;
  return message.sticker?.emoji === undefined ? "" : `[Sticker ${message.sticker.emoji}]`;
}

/** True when the platform marked us: an @mention of our name, a mention of our account, a command with our name. */
export function isMentioned(message: Message, me: User): boolean {
  const text = rawTextOf(message);
  const name = `@${me.username ?? ""}`.toLowerCase();
  return entitiesOf(message).some((entity) => {
    const marked = text.slice(entity.offset, entity.offset + entity.length).toLowerCase();
    if (entity.type === "mention") return marked === name;
    if (entity.type === "text_mention") return entity.user.id === me.id;
    return entity.type === "bot_command" && marked.endsWith(name) && marked.includes("@");
  });
}

/** The command at the start, without our name: `/cmd@our_bot args` becomes `/cmd args`. Not one for another bot. */
export function readCommand(message: Message, me: User): string | undefined {
  const first = entitiesOf(message).find((entity) => entity.type === "bot_command" && entity.offset === 0);
  if (first === undefined) return undefined;
  const text = rawTextOf(message);
  const [name, owner] = text.slice(0, first.length).split("@");
  if (owner !== undefined && owner.toLowerCase() !== me.username?.toLowerCase()) return undefined;
  return `${name}${text.slice(first.length)}`;
}
