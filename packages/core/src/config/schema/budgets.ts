import { int, num, section } from "./dsl.ts";

const limit = (description: string) =>
  section(description, {
    usd: num("US dollars, as far as the model's price is known.", { minimum: 0, unit: "USD" }),
    tokens: int("Tokens, cache included.", { minimum: 0, unit: "tokens" }),
  });

export const budgets = section("Hard limits: a model call that would go past one is not made. Absent: no limit.", {
  daily: limit("All agents together, from midnight to midnight in the user's time zone."),
  session: limit("One conversation, from its start to the next /new."),
  causes: section("By what made the agent work, from midnight to midnight.", {
    message: limit("Messages from people."),
    heartbeat: limit("Heartbeats."),
    cron: limit("Scheduled jobs."),
    hook: limit("Webhooks."),
    subagent: limit("Sub-agents and messages between sessions."),
  }),
});
