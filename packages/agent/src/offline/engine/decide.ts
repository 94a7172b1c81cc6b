import type { Message } from "@earendil-works/pi-ai";
import { getCurrentTools } from "@earendil-works/pi-ai/utils/transcript";
import { isAvailable, nearestExamples } from "./nearest.ts";
import { findRequests, type Found } from "./match.ts";
import { messageTexts } from "./message-text.ts";
import { createLiveTools, ToolMissing, type ToolRequest } from "./live-tools.ts";
import { sure, type Answer, type Plan, type Rule, type ToolOutcome, type Turn } from "./rule.ts";
import { hasIntroduced, splitTurns, type Batch, type PastTurn } from "./turns.ts";

export type Step = { kind: "calls"; calls: ToolRequest[] } | { kind: "say"; text: string };

export interface DecideOptions {
  messages: readonly Message[];
  rules: readonly Rule[];
  now: number;
  timeZone: string;
  /** See `Turn.meaning`. */
  meaning?: Turn["meaning"];
  /** Said once in a session, after the first answer. */
  introduction(turn: Turn): string;
}

const yes =
  /^(?:yes|y|yep|yeah|sure|ok(?:ay)?|do it|go ahead|confirm(?:ed)?|oui|d'accord|vas-y|confirme)(?:[ ,]+(?:please|do it|s'il te pla[iî]t|go ahead))?[.! ]*$/i;
const no =
  /^(?:no|n|nope|cancel|don't|do not|never ?mind|forget it|non|annule|laisse tomber)(?:[ ,]+(?:thanks|thank you|merci))?[.! ]*$/i;
const question = /\bSay yes to /;

/** What comes next in the running turn: tool calls, or the answer. A pure function of the transcript and the clock. */
export function decide(options: DecideOptions): Step {
  const turns = splitTurns(options.messages);
  const running = turns.at(-1) ?? { said: [], batches: [] };
  const past = turns.slice(0, -1);
  const turn: Turn = {
    now: running.batches[0]?.at ?? options.now,
    timeZone: options.timeZone,
    tools: createLiveTools(getCurrentTools(options.messages)),
    rules: options.rules,
    previous: lastAnswer(past),
    chained: false,
    first: !hasIntroduced(options.messages),
    ...(options.meaning ? { meaning: options.meaning } : {}),
  };
  const texts = running.said.flatMap(messageTexts);
  const step = replay(requestPlan(texts, turn, past), running.batches);
  if (step.kind === "calls" || !turn.first) return step;
  const silent = /^(?:HEARTBEAT_OK|NO_REPLY)$/.test(step.text);
  const introduced = step.text.includes("Offline mode");
  return silent || introduced ? step : { kind: "say", text: `${step.text}\n\n${options.introduction(turn)}` };
}

/** Runs the plan against what the transcript already holds; the first call without an outcome is the next step. */
function replay(plan: Plan, batches: readonly Batch[]): Step {
  let next = plan.next();
  for (const batch of batches) {
    if (next.done) break;
    const same =
      next.value.length === batch.calls.length &&
      next.value.every((call, index) => call.name === batch.calls[index]?.name);
    if (!same)
      return { kind: "say", text: "The tools changed while I was working on this, so I stopped. Please ask again." };
    next = plan.next(batch.outcomes);
  }
  return next.done ? { kind: "say", text: next.value.say } : { kind: "calls", calls: next.value };
}

function lastAnswer(past: readonly PastTurn[]): Answer | undefined {
  const text = past.at(-1)?.answered;
  return text === undefined ? undefined : { say: text };
}

/** All that was said in the turn, in order; a message that arrived in the middle is a further request. */
function* requestPlan(texts: readonly string[], turn: Turn, past: readonly PastTurn[]): Plan {
  const answers: string[] = [];
  for (const text of texts) {
    const result = yield* onePlan(text, turn, past);
    answers.push(result.say);
  }
  return { say: answers.join("\n\n") || "There was no text in that message, so there is nothing I can follow." };
}

function* onePlan(text: string, turn: Turn, past: readonly PastTurn[]): Plan {
  const last = past.at(-1);
  const asked = last?.answered !== undefined && question.test(last.answered) ? last : undefined;
  if (yes.test(text)) {
    if (!asked) return { say: "There is nothing waiting for a yes." };
    const earlier = past.slice(0, -1);
    const before: Turn = { ...turn, confirmed: asked.answered ?? "", previous: lastAnswer(earlier) };
    const texts = asked.said.flatMap(messageTexts);
    const requests = texts.flatMap((said) => findRequests(said, before) ?? []);
    return yield* found(requests.filter(isOpen), before);
  }
  if (no.test(text)) return { say: asked ? "All right, I changed nothing." : "All right." };
  const requests = findRequests(text, turn) ?? meantRequest(text, turn);
  if (requests) return yield* found(requests, turn);
  const answered = yield* lastResort(text, turn);
  return answered.failed ? { say: fallback(text, turn), failed: true } : answered;
}

/** A rule without slots that changes nothing, when the text means what it does. Its own phrasings come first. */
function meantRequest(text: string, turn: Turn): Found[] | undefined {
  if (text.startsWith("/")) return undefined;
  const id = turn.meaning?.ruleOf(text);
  const rule = turn.rules.find((entry) => entry.id === id && !entry.writes && isAvailable(entry, turn));
  return rule && [{ rule, score: sure, slots: {} }];
}

/** Failed when there is no rule for what nobody understands, or it knows nothing either. */
function* lastResort(text: string, turn: Turn): Plan {
  const rule = turn.rules.find((entry) => entry.id === turn.meaning?.lastResort && isAvailable(entry, turn));
  if (!rule || text.startsWith("/")) return { say: "", failed: true };
  return yield* guarded(rule.plan({ query: text }, turn));
}

/** What a yes is about: parts that asked, and what they were based on. Other parts have had their effect already. */
function isOpen({ rule, score, slots }: Found): boolean {
  return !rule.writes || score < sure || rule.asks?.(slots) === true;
}

/** Runs the requests one after the other, each with the result of the one before. */
function* found(requests: readonly Found[], turn: Turn): Plan {
  const answers: string[] = [];
  let previous = turn.previous;
  let failed = false;
  for (const [index, { rule, score, slots }] of requests.entries()) {
    if (rule.writes && score < sure && turn.confirmed === undefined) {
      answers.push(
        `I am not sure that I understood. Say yes to ${rule.describe?.(slots) ?? rule.title.toLowerCase()}.`,
      );
      failed = true;
      continue;
    }
    const result = yield* guarded(rule.plan(slots, { ...turn, previous, chained: index > 0 }));
    answers.push(result.say);
    previous = result;
    failed ||= result.failed === true;
  }
  return { say: answers.join("\n\n"), failed };
}

/** A plan that needs a tool which policy took away ends in an honest answer. */
function* guarded(plan: Plan): Plan {
  let outcomes: ToolOutcome[] | undefined;
  for (;;) {
    let next: IteratorResult<ToolRequest[], Answer>;
    try {
      next = outcomes ? plan.next(outcomes) : plan.next();
    } catch (error) {
      if (!(error instanceof ToolMissing)) throw error;
      const tools = error.names.map((name) => `\`${name}\``).join(" or ");
      return { say: `That needs the ${tools} tool, which isn't available in this session.`, failed: true };
    }
    if (next.done) return next.value;
    outcomes = yield next.value;
  }
}

function fallback(text: string, turn: Turn): string {
  if (text.startsWith("/")) {
    const name = text.split(/\s/, 1)[0] ?? text;
    return `I don't know the command ${name}. Say "help" for what I can do.`;
  }
  const nearest = nearestExamples(text, turn, 3);
  const lines = nearest.map((example) => `- ${example}`).join("\n");
  return `I can't do that offline. The nearest things I can do:\n${lines}`;
}
