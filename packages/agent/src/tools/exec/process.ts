import { OpenClawError, type Clock } from "@openclaw/core";
import type { Tool, ToolResult } from "@openclaw/plugin-sdk/tool";
import { keepTail } from "../text-limit.ts";
import type { ToolPlaces } from "../tool-places.ts";
import { exitReason } from "./exec.ts";
import { hexText, keyText, pasteText } from "./key-names.ts";
import type { Job, ProcessRegistry } from "./process-registry.ts";

const ACTIONS = ["list", "poll", "log", "write", "send-keys", "submit", "paste", "kill", "clear", "remove"] as const;

interface ProcessParams {
  action: (typeof ACTIONS)[number];
  sessionId?: string;
  data?: string;
  eof?: boolean;
  keys?: string[];
  literal?: string;
  hex?: string[];
  bracketed?: boolean;
  offset?: number;
  limit?: number;
}

const SHOWN_CHARS = 30_000;

/** Looks after commands that `exec` left in the background: those of the agent, or of the sandbox the session is in. */
export function createProcessTool(options: {
  registry: ProcessRegistry;
  places: ToolPlaces;
  clock: Clock;
}): Tool<ProcessParams> {
  const { registry, places, clock } = options;
  return {
    name: "process",
    label: "Background commands",
    description:
      "Background commands of exec: list, poll new output, log, write, send-keys, submit (Enter), paste, kill, clear, remove.",
    parameters: {
      type: "object",
      properties: {
        action: { type: "string", enum: ACTIONS },
        sessionId: { type: "string" },
        data: { type: "string", description: "For write, submit, paste" },
        eof: { type: "boolean", description: "Close input" },
        keys: { type: "array", items: { type: "string" }, description: "tmux names: Enter, C-c, Up" },
        literal: { type: "string" },
        hex: { type: "array", items: { type: "string" } },
        offset: { type: "integer", description: "First line of log" },
        limit: { type: "integer" },
      },
      required: ["action"],
    },
    async execute(params, { sessionKey }) {
      const { owner } = places.of(sessionKey);
      if (params.action === "list") return listJobs(registry.list(owner), clock.now());
      if (params.action === "clear" && !params.sessionId) {
        return { content: [{ type: "text", text: `Forgot ${registry.clear(owner)} ended commands.` }] };
      }
      const job = params.sessionId ? registry.get(params.sessionId, owner) : undefined;
      if (!job) throw unknownJob(params.sessionId, registry.list(owner));
      switch (params.action) {
        case "poll":
          return text(`${keepTail(job.drain(), SHOWN_CHARS).text || "(no new output)"}\n\n${state(job)}`, job);
        case "log": {
          const lines = job.output().split("\n");
          const from = Math.max(1, params.offset ?? lines.length - (params.limit ?? 200) + 1);
          const part = lines.slice(from - 1, from - 1 + (params.limit ?? 200)).join("\n");
          return text(
            `${keepTail(part, SHOWN_CHARS).text}\n\n[From line ${from} of ${lines.length}. ${state(job)}]`,
            job,
          );
        }
        case "write":
          return send(job, params.data ?? "", params.eof);
        case "send-keys":
          return send(
            job,
            [params.literal ?? "", ...(params.keys ?? []).map(keyText), params.hex ? hexText(params.hex) : ""].join(""),
          );
        case "submit":
          // A pipe has no terminal that would make a line end of the Enter key.
          return send(job, `${params.data ?? ""}${job.terminal ? "\r" : "\n"}`);
        case "paste":
          return send(job, pasteText(params.data ?? "", job.terminal && params.bracketed !== false));
        case "kill":
          job.kill("killed");
          await job.done;
          return text(`${job.id} was stopped.`, job);
        default:
          job.kill("killed");
          registry.remove(job.id);
          return text(`${job.id} was removed.`, job);
      }
    },
  };
}

function send(job: Job, data: string, end = false): ToolResult {
  if (data === "" && !end)
    throw new OpenClawError({
      code: "PROCESS_NOTHING",
      message: "There is nothing to send.",
      hint: "Set data, keys, literal or hex.",
    });
  if (!job.write(data, end)) {
    throw new OpenClawError({ code: "PROCESS_ENDED", message: `${job.id} takes no input: ${state(job)}` });
  }
  return text(`Wrote ${data.length} characters.`, job);
}

function unknownJob(id: string | undefined, jobs: readonly Job[]): OpenClawError {
  return new OpenClawError({
    code: "PROCESS_UNKNOWN",
    message: `There is no background command "${id ?? ""}".`,
    hint: `Running: ${jobs.map((job) => job.id).join(", ") || "none"}.`,
  });
}

function listJobs(jobs: readonly Job[], now: number): ToolResult {
  const lines = jobs.map((job) => {
    const seconds = Math.round(((job.endedAt ?? now) - job.startedAt) / 1000);
    return `${job.id}  ${job.exit ? "ended" : "running"}  ${seconds} s  ${job.command.slice(0, 100)}`;
  });
  return { content: [{ type: "text", text: lines.join("\n") || "No background commands." }] };
}

function state(job: Job): string {
  return job.exit ? exitReason(job.exit) : "Still running.";
}

function text(value: string, job: Job): ToolResult {
  return {
    content: [{ type: "text", text: value }],
    details: { sessionId: job.id, status: job.exit ? job.exit.reason : "running", exitCode: job.exit?.code },
  };
}
