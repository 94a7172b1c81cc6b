import { either, flag, int, list, needed, path, section, text } from "./dsl.ts";

const job = section("A job declared here; it is kept in step with the job store under its name.", {
  name: needed(text("Name, unique.", { minLength: 1 })),
  schedule: needed(
    either("A cron expression with five or six fields, or a section.", [
      text("Cron expression.", { minLength: 1 }),
      section("One of the three.", {
        cron: text("Cron expression."),
        every: text("Interval, e.g. 30m."),
        at: text("ISO time."),
        tz: text("IANA zone. Default: the host's."),
      }),
    ]),
  ),
  message: text("What the agent is told, in a turn of its own."),
  systemEvent: text("What the main session is told."),
  command: text("An openclaw command line to run."),
  enabled: flag("Run it."),
  agentId: text("Agent."),
  model: text("Model, provider/model or alias."),
  channel: text("Channel for the answer."),
  to: text("Recipient."),
});

export const cron = section("The scheduler.", {
  enabled: flag("Run jobs.", { default: true }),
  store: path("Job file. Default: cron/jobs.json in the state directory.", { advanced: true }),
  maxConcurrentRuns: int("Jobs running at the same time.", { default: 1, minimum: 1 }),
  jobs: list("Jobs declared in the configuration.", job),
});
