import { randomUUID } from "node:crypto";
import type { GatewayContext } from "../gateway-context.ts";
import type { SubagentRun } from "../store/subagent-runs.ts";
import type { Command, CommandInput, CommandResult } from "./command.ts";
import { shown } from "./directives/level-directive.ts";
import { duration } from "./format.ts";

const USAGE = "/subagents list, stop <number | all>, log <number>, info <number>, send <number> <message>";
const LISTED = 15;
const LOG_LINES = 10;
const LOG_CHARS = 400;

export const subagents: Command = {
  name: "subagents",
  args: "[list | stop | log | info | send] [number]",
  description: "What my sub-agents are doing.",
  section: "Conversation",
  run(args, input, context) {
    const [verb = "list", which = ""] = args.trim().split(/\s+/);
    const runs = newestFirst(input.sessionKey, context);
    if (runs.length === 0) return { reply: "There are no sub-agents in this conversation." };
    switch (verb.toLowerCase()) {
      case "":
      case "list":
        return {
          reply: [
            `Sub-agents:`,
            ...runs.slice(0, LISTED).map((run, index) => line(run, index, context)),
            `Use ${USAGE}`,
          ].join("\n"),
        };
      case "stop":
        return stop(which, runs, context);
      case "log":
        return withRun(which, runs, (run) => log(run, context));
      case "info":
        return withRun(which, runs, (run) => info(run, context));
      case "send": {
        const text = args.trim().replace(/^\S+\s+\S+\s*/, "");
        return withRun(which, runs, (run) => send(run, text, input, context));
      }
      default:
        return { reply: `Use ${USAGE}` };
    }
  },
};

const newestFirst = (sessionKey: string, { store }: GatewayContext) =>
  store.subagents.ofRequester(sessionKey).toReversed();

function withRun(
  which: string,
  runs: readonly SubagentRun[],
  work: (run: SubagentRun) => CommandResult,
): CommandResult {
  const run = runs[Number(which) - 1] ?? runs.find(({ runId, label }) => runId === which || label === which);
  return run
    ? work(run)
    : { reply: `There is no sub-agent "${shown(which)}". /subagents lists them with their numbers.` };
}

function line(run: SubagentRun, index: number, context: GatewayContext): string {
  return `${index + 1}. ${shown(run.label ?? run.task)} · ${state(run, context)}`;
}

function state({ startedAt, createdAt, endedAt, outcome }: SubagentRun, { clock }: GatewayContext): string {
  if (endedAt === undefined) return `working for ${duration(clock.now() - (startedAt ?? createdAt))}`;
  const how = outcome?.status === "ok" ? "done" : outcome?.status === "timeout" ? "ran out of time" : "failed";
  return `${how} ${duration(clock.now() - endedAt)} ago`;
}

function stop(which: string, runs: readonly SubagentRun[], { engine }: GatewayContext): CommandResult {
  const end = (run: SubagentRun) => engine.abort(run.childSessionKey, { reason: "stop" }).length > 0;
  if (which.toLowerCase() === "all") {
    const stopped = runs.filter(end).length;
    return {
      reply:
        stopped === 0 ? "None was working." : `Stopped ${stopped === 1 ? "one sub-agent" : `${stopped} sub-agents`}.`,
    };
  }
  return withRun(which, runs, (run) => ({
    reply: end(run) ? `Stopped: ${shown(run.label ?? run.task)}` : "It was not working any more.",
  }));
}

function log({ childSessionKey }: SubagentRun, { sessions }: GatewayContext): CommandResult {
  const lines = sessions.texts(childSessionKey, LOG_LINES).map(({ role, text }) => {
    const words = text.length > LOG_CHARS ? `${text.slice(0, LOG_CHARS - 1)}…` : text;
    return `**${role === "user" ? "Task" : "Sub-agent"}:** ${words}`;
  });
  return { reply: lines.length > 0 ? lines.join("\n\n") : "It has said nothing yet." };
}

function info(run: SubagentRun, context: GatewayContext): CommandResult {
  const entry = context.sessions.entry(run.childSessionKey);
  return {
    reply: [
      `Task: ${run.task.length > LOG_CHARS ? `${run.task.slice(0, LOG_CHARS - 1)}…` : run.task}`,
      `State: ${state(run, context)}${run.outcome?.error ? ` (${run.outcome.error})` : ""}`,
      `Session: ${run.childSessionKey}`,
      `Run: ${run.runId}`,
      ...(entry?.model ? [`Model: ${entry.modelProvider}/${entry.model}`] : []),
    ].join("\n"),
  };
}

/** Its answer comes to this chat. */
function send(
  { childSessionKey }: SubagentRun,
  text: string,
  { channel, account, target }: CommandInput,
  { engine, sessions }: GatewayContext,
): CommandResult {
  if (text === "") return { reply: "Write what it should be told, e.g. /subagents send 1 use the newer file" };
  engine.submit({
    runId: randomUUID(),
    sessionKey: childSessionKey,
    displayKey: childSessionKey,
    agentId: sessions.agentOf(childSessionKey),
    source: "session",
    text,
    body: text,
    origin: { provider: channel, chatType: "direct" },
    lane: "subagent",
    ...(account && target ? { route: { channel, account, target } } : {}),
  });
  return { reply: account && target ? "Told. Its answer comes here." : "Told. /subagents log shows its answer." };
}
