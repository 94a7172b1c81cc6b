import { agents } from "./agents.ts";
import { approvals } from "./approvals.ts";
import { auth } from "./auth.ts";
import { bindings, broadcast } from "./bindings.ts";
import { bridge } from "./bridge.ts";
import { browser } from "./browser.ts";
import { budgets } from "./budgets.ts";
import { canvasHost } from "./canvas-host.ts";
import { channels } from "./channels.ts";
import { commands } from "./commands.ts";
import { cron } from "./cron.ts";
import { discovery } from "./discovery.ts";
import { section, text } from "./dsl.ts";
import { env } from "./env.ts";
import { gateway } from "./gateway.ts";
import { hooks } from "./hooks.ts";
import { logging } from "./logging.ts";
import { memory } from "./memory.ts";
import { messages } from "./messages.ts";
import { meta, wizard } from "./meta.ts";
import { models } from "./models.ts";
import { plugins } from "./plugins.ts";
import { session } from "./session.ts";
import { skills } from "./skills.ts";
import { talk } from "./talk.ts";
import { tools } from "./tools.ts";
import { ui } from "./ui.ts";
import { update } from "./update.ts";
import { web } from "./web.ts";

/** The whole file. The order is the order of a form. */
export const root = section("Configuration of OpenClaw.", {
  $schema: text("Address of the JSON Schema, for editors.", { advanced: true }),
  meta,
  gateway,
  agents,
  models,
  budgets,
  auth,
  channels,
  bindings,
  broadcast,
  session,
  messages,
  commands,
  tools,
  approvals,
  skills,
  plugins,
  hooks,
  cron,
  memory,
  browser,
  web,
  talk,
  canvasHost,
  discovery,
  bridge,
  env,
  logging,
  ui,
  update,
  wizard,
});
