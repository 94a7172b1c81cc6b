import { agentDefaults, subagentsOfAgent } from "./agent-defaults.ts";
import { flag, list, needed, path, section, strings, text } from "./dsl.ts";
import { groupChat } from "./group-chat.ts";
import { heartbeat } from "./heartbeat.ts";
import { memorySearch } from "./memory-search.ts";
import { modelSelection } from "./model-ref.ts";
import { sandbox } from "./sandbox.ts";
import { humanDelay } from "./streaming.ts";
import { agentTools } from "./tools.ts";

const identity = section("Who the agent is.", {
  name: text("Name; also a mention pattern in groups."),
  theme: text("Character in a few words."),
  emoji: text("Emoji; also the default acknowledgement reaction."),
  avatar: text("Path inside the workspace, http(s) address or data: URI."),
  creature: text("What kind of being it is."),
  vibe: text("Its manner."),
});

const agent = section("One agent.", {
  id: needed(text("Stable id.", { minLength: 1, maxLength: 64 })),
  default: flag("Takes what no binding routes. Without any, the first entry does."),
  name: text("Name for people."),
  workspace: path("Its files. Default: workspace-<id> in the state directory; for main agents.defaults.workspace."),
  agentDir: path("Its credentials and models. Default: agents/<id>/agent in the state directory.", { advanced: true }),
  model: modelSelection("Replaces agents.defaults.model: a string only its primary."),
  skills: strings("Only these skills. Default: all; an empty list: none."),
  memorySearch: memorySearch("Overrides of agents.defaults.memorySearch.", false),
  humanDelay: humanDelay("Overrides of agents.defaults.humanDelay.", false),
  heartbeat: heartbeat("This agent's heartbeat. Once any agent has one, only those agents have heartbeats.", false),
  identity,
  groupChat: groupChat("Mentions in groups."),
  subagents: subagentsOfAgent,
  sandbox: sandbox("Overrides of agents.defaults.sandbox.", false),
  tools: agentTools,
});

export const agents = section("Agents and what they share.", {
  defaults: agentDefaults,
  list: list("Agents.", agent),
});
