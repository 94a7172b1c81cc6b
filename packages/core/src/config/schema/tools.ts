import { choice, flag, ids, int, list, map, section, secret, strings, text, type Annotations } from "./dsl.ts";
import { media } from "./media.ts";
import { modelSelection } from "./model-ref.ts";

const profile = (description: string) => choice(["minimal", "coding", "messaging", "full"], description);

/** Allow and deny by tool name or group; deny wins, `*` matches any run of characters. */
const toolPolicy = (description: string) =>
  section(description, {
    profile: profile("Base list before allow and deny."),
    allow: strings("Tools or groups allowed. Empty: all."),
    alsoAllow: strings("Added to the profile's tools."),
    deny: strings("Tools or groups refused."),
  });

export const allowDeny = (description: string) =>
  section(description, { allow: strings("Allowed; empty means all."), deny: strings("Refused; wins over allow.") });

const elevated = (description: string, base: boolean) =>
  section(description, {
    enabled: flag("Allow elevated runs at all.", base ? { default: true } : {}),
    allowFrom: map("Who may, by channel. A channel without entry: nobody.", ids("Sender ids; * is everybody."), {
      key: "channel",
    }),
  });

const byProvider = map("Further limits for one provider or provider/model.", toolPolicy("Limits."), {
  key: "provider",
});

function exec(description: string, base: boolean) {
  const d = <T>(value: T): Annotations<T> => (base ? { default: value } : {});
  return section(description, {
    host: choice(["sandbox", "gateway", "node"], "Where commands run.", d("sandbox" as const)),
    security: choice(["deny", "allowlist", "full"], "What may run. Default: deny in a sandbox, allowlist elsewhere."),
    ask: choice(["off", "on-miss", "always"], "When to ask for approval.", d("on-miss" as const)),
    node: text("Node id or name for host node."),
    pathPrepend: strings("Directories put before PATH."),
    safeBins: strings("Programs that may run on standard input without approval."),
    backgroundMs: int("A command still running after this moves to the background.", {
      ...d(10_000),
      minimum: 0,
      unit: "ms",
    }),
    timeoutSec: int("Commands are killed after this.", { ...d(1800), minimum: 1, unit: "s" }),
    cleanupMs: int("Finished background jobs are remembered this long.", { ...d(1_800_000), minimum: 0, unit: "ms" }),
    approvalRunningNoticeMs: int("After approval, say that a command still runs after this; 0 never.", {
      ...d(10_000),
      minimum: 0,
      unit: "ms",
      advanced: true,
    }),
    notifyOnExit: flag("A finished background job wakes the agent.", d(true)),
    applyPatch: section("The apply_patch tool.", {
      enabled: flag("Offer it to OpenAI models.", d(false)),
      allowModels: strings("Only these models, with or without provider."),
    }),
  });
}

export const tools = section("What agents may do.", {
  profile: profile("Base list of tools before allow and deny."),
  allow: strings("Tools or groups allowed. Empty: all."),
  alsoAllow: strings("Added to the profile's tools."),
  deny: strings("Tools or groups refused; wins over allow."),
  byProvider,
  web: section("Search and fetch.", {
    search: section("The web_search tool.", {
      enabled: flag("Offer it. Default: when a key is known."),
      provider: choice(["brave", "perplexity"], "Search service.", { default: "brave" }),
      apiKey: secret("Brave Search key; BRAVE_API_KEY stands in."),
      maxResults: int("Results in one answer.", { default: 5, minimum: 1, maximum: 10 }),
      timeoutSeconds: int("Longest wait.", { default: 30, minimum: 1, unit: "s" }),
      cacheTtlMinutes: int("Answers are reused this long.", { default: 15, minimum: 0, unit: "min" }),
      perplexity: section("Settings of the Perplexity service.", {
        apiKey: secret("Key; PERPLEXITY_API_KEY or OPENROUTER_API_KEY stand in."),
        baseUrl: text("Address of the API."),
        model: text("Model."),
      }),
    }),
    fetch: section("The web_fetch tool.", {
      enabled: flag("Offer it.", { default: true }),
      maxChars: int("Longest text returned.", { default: 50_000, minimum: 100, unit: "characters" }),
      timeoutSeconds: int("Longest wait.", { default: 30, minimum: 1, unit: "s" }),
      cacheTtlMinutes: int("Pages are reused this long.", { default: 15, minimum: 0, unit: "min" }),
      maxRedirects: int("Redirects followed.", { default: 3, minimum: 0 }),
      userAgent: text("User-Agent header."),
      readability: flag("Keep only a page's article.", { default: true }),
      firecrawl: section("Fetch through Firecrawl.", {
        enabled: flag("Use it. Default: when a key is known."),
        apiKey: secret("Key; FIRECRAWL_API_KEY stands in."),
        baseUrl: text("Address of the API.", { default: "https://api.firecrawl.dev" }),
        onlyMainContent: flag("Leave navigation out.", { default: true }),
        maxAgeMs: int("Accept copies up to this age.", { minimum: 0, unit: "ms" }),
        timeoutSeconds: int("Longest wait.", { minimum: 1, unit: "s" }),
      }),
    }),
  }),
  media,
  links: section(
    "Understanding of links in messages.",
    {
      enabled: flag("Read links before the turn.", { default: false }),
      maxLinks: int("Most links of one message.", { minimum: 1 }),
      timeoutSeconds: int("Longest wait.", { minimum: 1, unit: "s" }),
      models: list(
        "Programs that read a link.",
        section("One program.", {
          command: text("Program."),
          args: strings("Arguments with {{LinkUrl}}."),
          timeoutSeconds: int("Longest wait.", { minimum: 1, unit: "s" }),
        }),
      ),
    },
    { advanced: true },
  ),
  message: section(
    "The message tool.",
    {
      crossContext: section("Sending elsewhere than to the current chat.", {
        allowWithinProvider: flag("To other chats on the same channel.", { default: false }),
        allowAcrossProviders: flag("To other channels.", { default: false }),
      }),
      broadcast: section("Sending to many.", { enabled: flag("Allow it.", { default: true }) }),
    },
    { advanced: true },
  ),
  agentToAgent: section("Messages between agents.", {
    enabled: flag("Allow them.", { default: false }),
    allow: strings("Agent ids that may take part; * is all."),
  }),
  elevated: elevated("Commands on the host, past the sandbox.", true),
  exec: exec("The exec tool.", true),
  subagents: section("Sub-agents.", {
    model: modelSelection("Model of sub-agents."),
    tools: allowDeny("Their tools."),
  }),
  sandbox: section("Sandboxed sessions.", { tools: allowDeny("Their tools; deny wins.") }),
  sessions: section(
    "The session tools.",
    {
      visibility: choice(
        ["self", "tree", "agent", "all"],
        "Which sessions they show. Default: tree for sandboxed sessions, all otherwise.",
      ),
    },
    { advanced: true },
  ),
});

/** Tools of one agent: can only narrow what `tools` allows. */
export const agentTools = section("Further limits on this agent's tools.", {
  profile: profile("Base list of tools before allow and deny."),
  allow: strings("Tools or groups allowed."),
  alsoAllow: strings("Added to the profile's tools."),
  deny: strings("Tools or groups refused."),
  byProvider,
  elevated: elevated("Both this and tools.elevated must allow.", false),
  exec: exec("Overrides of tools.exec.", false),
  sandbox: section("Sandboxed sessions.", { tools: allowDeny("Their tools.") }),
  subagents: section("Sub-agents.", { tools: allowDeny("Their tools.") }),
});

/** `tools` and `toolsBySender` of a group. */
export const groupTools = {
  tools: allowDeny("Tools in this group."),
  toolsBySender: map("Tools by sender id in this group; * is everybody else.", allowDeny("Tools."), { key: "sender" }),
};
