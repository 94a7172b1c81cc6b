import { Type } from "typebox";
import { anything, choice, flag, int, list, map, needed, path, port, section, secret, strings, text } from "./dsl.ts";
import { thinkingLevels } from "./model-ref.ts";

const mapping = section("What one kind of request does.", {
  id: text("Id."),
  match: section("When it applies.", {
    path: text("Path after hooks.path, e.g. gmail."),
    source: text("Value of the payload's source field."),
  }),
  action: choice(["wake", "agent"], "Wake the main session, or run a turn of its own.", { default: "agent" }),
  wakeMode: choice(["now", "next-heartbeat"], "When the agent hears of it.", { default: "now" }),
  name: text("Name shown with the result."),
  agentId: text("Agent that runs."),
  sessionKey: text("Session; a template."),
  messageTemplate: text("Message; {{field[0].name}} reads the payload."),
  textTemplate: text("Text of a wake."),
  deliver: flag("Send the answer to a channel."),
  allowUnsafeExternalContent: flag("Do not wrap the payload as untrusted.", { advanced: true }),
  channel: text("Channel for the answer; last is the last used.", { placeholder: "last" }),
  to: text("Recipient."),
  model: text("Model, provider/model or alias."),
  thinking: text("Thinking level."),
  timeoutSeconds: int("Longest run.", { minimum: 1, unit: "s" }),
  transform: section("A module that turns the payload into an action.", {
    module: needed(path("JavaScript or TypeScript file under transformsDir.")),
    export: text("Name of the function."),
  }),
});

const gmail = section("Gmail, through gog and Pub/Sub.", {
  account: text("Mail address."),
  label: text("Watched label.", { default: "INBOX" }),
  topic: text("Pub/Sub topic."),
  subscription: text("Pub/Sub subscription.", { default: "gog-gmail-watch-push" }),
  pushToken: secret("Shared with the push subscription."),
  hookUrl: text("Where the watcher posts."),
  includeBody: flag("Hand over the text of a mail.", { default: true }),
  maxBytes: int("Longest text.", { default: 20_000, minimum: 1, unit: "bytes" }),
  renewEveryMinutes: int("The watch is renewed this often.", { default: 720, minimum: 1, unit: "min" }),
  allowUnsafeExternalContent: flag("Do not wrap mails as untrusted.", { default: false, advanced: true }),
  serve: section("The local receiver.", {
    bind: text("Address.", { default: "127.0.0.1" }),
    port: port("Port.", { default: 8788 }),
    path: text("Path. Default: /gmail-pubsub, with tailscale /."),
  }),
  tailscale: section("Publish the receiver.", {
    mode: choice(["off", "serve", "funnel"], "Inside the tailnet, or public.", { default: "off" }),
    path: text("Public path."),
    target: text("Address of the receiver when it wants the prefixed path."),
  }),
  model: text("Model for mails. Default: the session's."),
  thinking: choice(thinkingLevels, "Thinking level for mails."),
});

const moduleEntry = map(
  "Settings by hook.",
  Type.Unsafe<{ enabled?: boolean; env?: { [name: string]: string }; [key: string]: unknown }>({
    type: "object",
    description: "One hook.",
    properties: { enabled: flag("False switches it off."), env: map("Environment.", Type.String(), { key: "NAME" }) },
    additionalProperties: anything("The hook's own settings."),
  }),
  { key: "hook" },
);

export const hooks = section("HTTP webhooks, and hook modules that react to events.", {
  enabled: flag("Answer webhook requests. Needs a token.", { default: false }),
  token: secret("Sent by callers as Authorization: Bearer or x-openclaw-token."),
  path: text("URL prefix; may not be /.", {
    default: "/hooks",
    pattern: "^/?[^/\\s].*$",
    expected: "a path other than /",
  }),
  maxBodyBytes: int("Largest request.", { default: 262_144, minimum: 1, unit: "bytes" }),
  presets: strings("Built-in mappings, e.g. gmail."),
  transformsDir: path("Directory of transform modules. Default: hooks in the state directory."),
  mappings: list("Mappings; the first match wins.", mapping),
  gmail,
  internal: section("Hook modules.", {
    enabled: flag("Run them.", { default: false }),
    entries: moduleEntry,
    handlers: list(
      "Single files.",
      section("One file.", {
        event: needed(text("Event, e.g. command:new.")),
        module: needed(path("File.")),
        export: text("Name of the function."),
      }),
      { advanced: true },
    ),
    load: section("Where they come from.", { extraDirs: strings("Further directories.") }),
  }),
});
