import type { CommandInput, CommandResult, Directive } from "./command.ts";
import { shown } from "./directives/level-directive.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { errorSentence } from "./error-sentence.ts";
import { chooseModel } from "./models/choose-model.ts";
import { chosenModel, currentModel } from "./models/current-model.ts";
import { modelNames } from "./models/model-names.ts";

/** As many as fit a phone's screen; `/models` has the others. */
const LISTED = 20;

export const model: Directive = {
  name: "model",
  args: "[list | number | name | default]",
  description: "The model of this conversation.",
  section: "Model and answers",
  async run(args, input, context) {
    const wanted = args.trim();
    switch (wanted.toLowerCase()) {
      case "":
      case "list":
        return { reply: await listing(input, context) };
      case "status":
        return { reply: await details(input, context) };
      case "default":
      case "reset":
        return clear(input, context);
    }
    try {
      return await choose(wanted, input, context);
    } catch (error) {
      return { reply: errorSentence(error) };
    }
  },
  read(text, { aliases }) {
    const match = /^\s*([a-z0-9][\w./:@-]*)(?=\s|$)/i.exec(text);
    const name = match?.[1]?.replace(/[.:]+$/, "") ?? "";
    const reference = aliases.get(name.toLowerCase()) ?? (/^[\w.-]+\/\S+$/.test(name) ? name : undefined);
    return match && reference ? { overrides: { model: reference }, length: match[0].length } : undefined;
  },
  async refuse({ model: wanted = "" }, { sessionKey }, context) {
    try {
      await chooseModel(wanted, sessionKey, context);
      return undefined;
    } catch (error) {
      return errorSentence(error);
    }
  },
};

async function choose(wanted: string, { sessionKey }: CommandInput, context: GatewayContext): Promise<CommandResult> {
  const { provider, model: name, profile, isDefault, known } = await chooseModel(wanted, sessionKey, context);
  context.sessions.patch(sessionKey, {
    providerOverride: isDefault ? null : provider,
    modelOverride: isDefault ? null : name,
    authProfileOverride: profile ?? null,
    authProfileOverrideSource: profile ? "user" : null,
  });
  const notes = [
    isDefault ? "the default" : "",
    profile ? `profile ${profile}` : "",
    known ? "" : "not in the list I know, so the next message will show whether it exists",
  ];
  return { reply: [`Model: ${provider}/${name}`, ...notes].filter(Boolean).join(" · ") };
}

async function clear(input: CommandInput, context: GatewayContext): Promise<CommandResult> {
  context.sessions.patch(input.sessionKey, {
    providerOverride: null,
    modelOverride: null,
    authProfileOverride: null,
    authProfileOverrideSource: null,
  });
  const { provider, model: name } = await currentModel(context, input.sessionKey);
  return { reply: `Model: ${provider}/${name} · the default` };
}

async function listing(input: CommandInput, context: GatewayContext): Promise<string> {
  const agent = await context.agents.get(context.sessions.agentOf(input.sessionKey));
  const [now, models] = [await currentModel(context, input.sessionKey), await agent.models()];
  const { aliases } = modelNames(context.config());
  const aliasOf = new Map([...aliases].map(([alias, reference]) => [reference, alias]));
  const lines = models.slice(0, LISTED).map(({ provider, id }, index) => {
    const alias = aliasOf.get(`${provider}/${id}`);
    return `${index + 1}. ${provider}/${id}${alias ? ` (${alias})` : ""}${provider === now.provider && id === now.model ? " ✓" : ""}`;
  });
  const more = models.length > LISTED ? [`… and ${models.length - LISTED} more: /models`] : [];
  return [
    `Model: ${now.provider}/${now.model}`,
    ...lines,
    ...more,
    "Change it with /model and a number or name; /model default undoes it.",
  ].join("\n");
}

async function details(input: CommandInput, context: GatewayContext): Promise<string> {
  const { provider, model: name, kind, source } = await currentModel(context, input.sessionKey);
  const entry = context.sessions.entry(input.sessionKey);
  const agent = await context.agents.get(context.sessions.agentOf(input.sessionKey));
  const info = (await agent.models()).find((one) => one.provider === provider && one.id === name);
  const chosen = chosenModel(context, input.sessionKey);
  const facts = [
    info?.contextWindow ? `${Math.round(info.contextWindow / 1000)}k context` : "",
    info?.reasoning ? "reasoning" : "",
    info?.input?.includes("image") ? "sees images" : "",
    kind === "rules" ? "offline rules, no AI model" : "",
  ].filter(Boolean);
  return [
    `Model: ${provider}/${name}${facts.length > 0 ? ` (${facts.join(", ")})` : ""}`,
    chosen ? "Chosen in this conversation; /model default undoes it." : `Chosen by: ${sources[source]}`,
    ...(entry?.authProfileOverride ? [`Auth profile: ${shown(entry.authProfileOverride)}`] : []),
    ...(entry?.model && entry.model !== name ? [`Last answer came from: ${entry.modelProvider}/${entry.model}`] : []),
  ].join("\n");
}

const sources = {
  config: "the configuration",
  session: "this conversation",
  env: "a key in the environment",
  "auth-profile": "a stored auth profile",
  "local-server": "a model server on this machine",
  offline: "nothing else was found",
} as const;
