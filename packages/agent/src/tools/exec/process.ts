import { OpenClawError, type Clock } from "@openclaw/core";
import type { Tool, ToolResult } from "@openclaw/plugin-sdk/tool";
import { keepTail } from "../text-limit.ts";
import { exitReason } from "./exec.ts";
import type { Job, ProcessRegistry } from "./process-registry.ts";

interface ProcessParams {
  action: "list" | "poll" | "log" | "write" | "kill" | "remove";
  sessionId?: string;
  data?: string;
  eof?: boolean;
  offset?: number;
  limit?: number;
}

const SHOWN_CHARS = 30_000;

/** Looks after commands that `exec` left in the background. */
export function createProcessTool({
  registry,
  clock,
}: {
  registry: ProcessRegistry;
  clock: Clock;
}): Tool<ProcessParams> {
  return {
    name: "process",
    label: "Background commands",
    description: "Background commands of exec: list, poll new output, log, write to input, kill, remove.",
    parameters: {
      type: "object",
      properties: {
        action: { type: "string", enum: ["list", "poll", "log", "write", "kill", "remove"] },
        sessionId: { type: "string" },
        data: { type: "string" },
        eof: { type: "boolean", description: "Close input" },
        offset: { type: "integer", description: "First line of log" },
        limit: { type: "integer" },
      },
      required: ["action"],
    },
    async execute(params) {
      if (params.action === "list") return listJobs(registry.list(), clock.now());
      const job = params.sessionId ? registry.get(params.sessionId) : undefined;
      if (!job?.background) {
        throw new OpenClawError({
          code: "PROCESS_UNKNOWN",
          message: `There is no background command "${params.sessionId ?? ""}".`,
          hint: `Running: ${
            registry
              .list()
              .map(({ id }) => id)
              .join(", ") || "none"
          }.`,
        });
      }
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
          if (!job.write(params.data ?? "", params.eof ?? false)) {
            throw new OpenClawError({ code: "PROCESS_ENDED", message: `${job.id} takes no input: ${state(job)}` });
          }
          return text(`Wrote ${(params.data ?? "").length} characters.`, job);
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
