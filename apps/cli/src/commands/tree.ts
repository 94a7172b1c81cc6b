import type { CommandGroup } from "../command-line/command.ts";

/** Every command. Nothing is loaded before it is called. */
export const root: CommandGroup = {
  describe: "Your personal AI assistant",
  children: {
    setup: { describe: "Make a first configuration and workspace", load: () => import("./setup.ts") },
    gateway: {
      describe: "Run and look after the gateway",
      fallback: "run",
      children: {
        run: { describe: "Run the gateway in this terminal (the default)", load: () => import("./gateway/run.ts") },
        status: { describe: "Whether it runs, where, and whose port it is", load: () => import("./gateway/status.ts") },
        stop: { describe: "Stop it; running answers may finish", load: () => import("./gateway/stop.ts") },
        restart: {
          describe: "Stop it and start it anew, in the same process",
          load: () => import("./gateway/restart.ts"),
        },
        probe: { describe: "Ask everything a monitor wants to know", load: () => import("./gateway/probe.ts") },
        call: { describe: "Call one of its methods", load: () => import("./gateway/call.ts") },
        health: { describe: "Same as openclaw health", hidden: true, load: () => import("./health.ts") },
      },
    },
    status: { describe: "How everything is, gateway running or not", load: () => import("./status.ts") },
    health: { describe: "Ask the running gateway how it is", load: () => import("./health.ts") },
    dashboard: { describe: "Open the dashboard, signed in", load: () => import("./dashboard.ts") },
    agent: { describe: "Send a message to your assistant and print its answer", load: () => import("./agent.ts") },
    message: {
      describe: "Send messages through a channel",
      children: {
        send: { describe: "Send one message, without the assistant", load: () => import("./message/send.ts") },
      },
    },
    sessions: {
      describe: "Conversations",
      fallback: "list",
      children: {
        list: { describe: "List them, the latest first", load: () => import("./sessions/list.ts") },
        show: { describe: "Show one, with its last messages", load: () => import("./sessions/show.ts") },
        patch: { describe: "Change a label, model or level", load: () => import("./sessions/patch.ts") },
        reset: { describe: "Begin anew; the old transcript is kept", load: () => import("./sessions/reset.ts") },
        delete: { describe: "Remove one", load: () => import("./sessions/delete.ts") },
      },
    },
    agents: {
      describe: "The assistants of this gateway",
      fallback: "list",
      children: {
        list: { describe: "List them", load: () => import("./agents/list.ts") },
        reset: { describe: "Begin an assistant's main conversation anew", load: () => import("./agents/reset.ts") },
        status: { describe: "Same as openclaw agents list", hidden: true, load: () => import("./agents/list.ts") },
      },
    },
    channels: {
      describe: "Telegram and the other places to be reached at",
      fallback: "list",
      children: {
        list: { describe: "What is configured, and what could be", load: () => import("./channels/list.ts") },
        status: { describe: "Whether each account is connected", load: () => import("./channels/status.ts") },
        add: { describe: "Add an account to the configuration", load: () => import("./channels/add.ts") },
        remove: { describe: "Switch an account off, or take it out", load: () => import("./channels/remove.ts") },
        login: { describe: "How to connect a channel, step by step", load: () => import("./channels/login.ts") },
        logout: { describe: "Forget a channel's login", load: () => import("./channels/logout.ts") },
      },
    },
    login: { describe: "Same as openclaw channels login", hidden: true, load: () => import("./channels/login.ts") },
    pairing: {
      describe: "People who ask to write to your assistant",
      fallback: "list",
      children: {
        list: { describe: "Who waits", load: () => import("./pairing/list.ts") },
        approve: { describe: "Let somebody in", load: () => import("./pairing/approve.ts") },
        reject: { describe: "Turn somebody away", load: () => import("./pairing/reject.ts") },
      },
    },
    explain: { describe: "What would become of a message, and why", load: () => import("./explain.ts") },
    devices: {
      describe: "Browsers and machines that may control the gateway",
      fallback: "list",
      children: {
        list: { describe: "Waiting and paired devices", load: () => import("./devices/list.ts") },
        approve: { describe: "Let a device in", load: () => import("./devices/approve.ts") },
        reject: { describe: "Turn a device away", load: () => import("./devices/reject.ts") },
        revoke: { describe: "Take a device's token away", load: () => import("./devices/revoke.ts") },
        rotate: { describe: "Give a device a new token", load: () => import("./devices/rotate.ts") },
      },
    },
    models: {
      describe: "Which model answers",
      fallback: "status",
      children: {
        status: {
          describe: "The model in use, and how it was chosen (the default)",
          load: () => import("./models/status.ts"),
        },
        list: { describe: "Every model that can be chosen now", load: () => import("./models/list.ts") },
        set: { describe: "Choose the model", load: () => import("./models/set.ts") },
        aliases: { describe: "Short names for models", load: () => import("./models/aliases.ts") },
        fallbacks: {
          describe: "Models that step in when the first one fails",
          fallback: "list",
          children: {
            list: { describe: "Show them (the default)", load: () => import("./models/fallbacks/list.ts") },
            add: { describe: "Add one", load: () => import("./models/fallbacks/add.ts") },
            remove: { describe: "Take one out", load: () => import("./models/fallbacks/remove.ts") },
            clear: { describe: "Have none", load: () => import("./models/fallbacks/clear.ts") },
          },
        },
        auth: {
          describe: "Keys and sign-ins",
          fallback: "list",
          children: {
            list: {
              describe: "Show them without their secrets (the default)",
              load: () => import("./models/auth/list.ts"),
            },
            add: { describe: "Store an API key", load: () => import("./models/auth/add.ts") },
            "paste-token": { describe: "Store a token", load: () => import("./models/auth/paste-token.ts") },
            "setup-token": {
              describe: "Same as openclaw models auth paste-token",
              hidden: true,
              load: () => import("./models/auth/paste-token.ts"),
            },
            login: { describe: "Sign in with an account", load: () => import("./models/auth/login.ts") },
            order: { describe: "Which is tried first", load: () => import("./models/auth/order.ts") },
            remove: { describe: "Forget one", load: () => import("./models/auth/remove.ts") },
          },
        },
      },
    },
    skills: {
      describe: "What your assistant has been taught to do",
      fallback: "list",
      children: {
        list: { describe: "List them, and whether each can be used", load: () => import("./skills/list.ts") },
        info: { describe: "What one needs, and what is missing", load: () => import("./skills/info.ts") },
        check: { describe: "What keeps skills from being used", load: () => import("./skills/check.ts") },
        install: {
          describe: "Install what a skill needs, after showing it",
          load: () => import("./skills/install.ts"),
        },
      },
    },
    config: {
      describe: "Read and change the configuration",
      children: {
        file: { describe: "Where it is", load: () => import("./config/file.ts") },
        get: { describe: "Print a value", load: () => import("./config/get.ts") },
        set: { describe: "Change a value; comments stay", load: () => import("./config/set.ts") },
        unset: { describe: "Remove a value", load: () => import("./config/unset.ts") },
        apply: { describe: "Take over a whole file, after trying it", load: () => import("./config/apply.ts") },
        validate: { describe: "Check it, or other files", load: () => import("./config/validate.ts") },
        schema: { describe: "Print its JSON Schema", load: () => import("./config/schema.ts") },
      },
    },
    doctor: { describe: "Find what is wrong or risky, and repair it", load: () => import("./doctor.ts") },
    logs: { describe: "Read the gateway's log", load: () => import("./logs.ts") },
  },
};
