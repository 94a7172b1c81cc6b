import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { OpenClawError } from "@openclaw/core";
import type { MethodParams } from "@openclaw/protocol";
import type { Command } from "../command-line/command.ts";
import { exitCodes } from "../command-line/exit-codes.ts";
import { usageError } from "../command-line/usage-error.ts";
import { addressOptions } from "../connection/gateway-options.ts";
import { type GatewayOptions, withGateway } from "../connection/gateway-connection.ts";
import { createAnswerView } from "../output/answer-view.ts";

interface Options extends Omit<GatewayOptions, "timeout"> {
  message?: string;
  to?: string;
  sessionId?: string;
  session?: string;
  agent?: string;
  thinking?: string;
  model?: string;
  attach?: string[];
  deliver?: boolean;
  channel?: string;
  account?: string;
  replyTo?: string;
  /** Seconds. */
  timeout?: number;
}

const images: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
};

export const command: Command<Options> = {
  describe: "Send a message to your assistant and print its answer",
  examples: [
    ['openclaw agent -m "what is on my list?"', "in your main conversation"],
    ["openclaw agent --session work < question.txt", "the question comes from a file"],
    ['openclaw agent -m "good morning" --deliver --channel telegram --to 12345', "the answer goes to a chat too"],
  ],
  lists: ["attach"],
  options: (yargs) =>
    addressOptions(yargs)
      .option("message", { alias: "m", type: "string", describe: "What to say; without it, standard input" })
      .option("session", { type: "string", describe: "Session key, e.g. main or work" })
      .option("session-id", { type: "string", describe: "Session by its id" })
      .option("agent", { type: "string", describe: "Which assistant (default: the default one)" })
      .option("to", { type: "string", describe: "Who it concerns; with --deliver, where the answer goes" })
      .option("thinking", {
        choices: ["off", "minimal", "low", "medium", "high", "xhigh"],
        describe: "How long the model may think",
      })
      .option("model", { type: "string", describe: "Model for this session, from now on" })
      .option("attach", { type: "array", string: true, describe: "An image to look at, or a text file to read" })
      .option("deliver", { type: "boolean", describe: "Also send the answer through a channel" })
      .option("channel", { type: "string", describe: "Channel of --deliver (default: the session's last one)" })
      .option("account", { type: "string", describe: "Account of that channel" })
      .option("reply-to", { type: "string", describe: "Chat the answer goes to, if another than --to" })
      .option("timeout", { type: "number", describe: "Seconds the answer may take (default: from the configuration)" }),
  async run({ timeout, ...options }, context) {
    const { terminal, json } = context;
    const { files, attachments } = readAttachments(options.attach ?? []);
    const message = [await readMessage(options.message), ...files].filter(Boolean).join("\n\n");
    const runId = randomUUID();
    const view = createAnswerView(terminal, { quiet: json });
    let failure: string | undefined;
    let sessionKey: string | undefined;

    const answer = await withGateway(
      options,
      context,
      async (client) => {
        const interrupt = new AbortController();
        const onSignal = () => {
          if (sessionKey) void client.request("chat.abort", { sessionKey, runId }).catch(() => {});
          setTimeout(
            () =>
              interrupt.abort(
                new OpenClawError({
                  code: "INTERRUPTED",
                  message: "Stopped by Ctrl-C; the assistant was told to stop, too.",
                }),
              ),
            200,
          );
        };
        process.once("SIGINT", onSignal);
        client.on("agent", ({ runId: run, stream, data, sessionKey: key }) => {
          if (run !== runId) return;
          sessionKey = key ?? sessionKey;
          if (stream === "lifecycle" && data.phase === "error") failure = String(data.error);
          view.event(stream, data);
        });
        try {
          const key = options.session ?? (options.to || options.sessionId || options.agent ? undefined : "main");
          if (options.model) {
            const patched = await client.request("sessions.patch", { key: key ?? "main", model: options.model });
            terminal.err(
              `Session ${patched.key} uses ${patched.resolved?.modelProvider}/${patched.resolved?.model} from now on.`,
            );
          }
          return await client.request("agent", agentParams(options, { message, runId, key, timeout, attachments }), {
            signal: interrupt.signal,
          });
        } finally {
          process.off("SIGINT", onSignal);
        }
      },
      { caps: ["tool-events"] },
    );

    if (json) terminal.json(answer);
    else {
      view.finish(answer.result?.payloads ?? []);
      const { provider } = answer.result?.meta?.agentMeta ?? {};
      if (terminal.interactive && provider === "offline")
        terminal.err(terminal.style("dim", "[rules] no language model answered; see: openclaw models status"));
    }
    return failure === undefined && answer.status === "ok" ? exitCodes.ok : exitCodes.failed;
  },
};

interface Extras {
  message: string;
  runId: string;
  key?: string;
  timeout?: number;
  attachments: unknown[];
}

function agentParams(
  options: Omit<Options, "timeout">,
  { message, runId, key, timeout, attachments }: Extras,
): MethodParams<"agent"> {
  const { to, sessionId, agent, thinking, deliver, channel, account, replyTo } = options;
  return {
    message,
    idempotencyKey: runId,
    ...(key ? { sessionKey: key } : {}),
    ...(to ? { to } : {}),
    ...(sessionId ? { sessionId } : {}),
    ...(agent ? { agentId: agent } : {}),
    ...(thinking ? { thinking } : {}),
    ...(deliver ? { deliver } : {}),
    ...(channel ? { channel } : {}),
    ...(account ? { accountId: account } : {}),
    ...(replyTo ? { replyTo } : {}),
    ...(timeout === undefined ? {} : { timeout: Math.ceil(timeout) }),
    ...(attachments.length > 0 ? { attachments } : {}),
  };
}

/** `--message`, else what is piped in. */
async function readMessage(message: string | undefined): Promise<string> {
  const piped = message === undefined || message === "-" ? !process.stdin.isTTY : false;
  const input = piped ? (await readAll(process.stdin)).trim() : "";
  const whole = [message === "-" ? undefined : message, input].filter(Boolean).join("\n\n");
  if (whole === "") throw usageError("There is nothing to say.", 'Pass --message "…", or pipe a text into it.');
  return whole;
}

/** Images go as attachments, text files as part of the message. */
function readAttachments(paths: readonly string[]): { files: string[]; attachments: unknown[] } {
  const files: string[] = [];
  const attachments: unknown[] = [];
  for (const path of paths) {
    const mimeType = images[extname(path).toLowerCase()];
    let content: Buffer;
    try {
      content = readFileSync(path);
    } catch (error) {
      throw usageError(`--attach ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    }
    if (mimeType)
      attachments.push({ type: "image", mimeType, fileName: basename(path), content: content.toString("base64") });
    else if (content.includes(0))
      throw usageError(`--attach ${path} is neither an image (png, jpg, gif, webp) nor a text file.`);
    else files.push(`File ${basename(path)}:\n\`\`\`\n${content.toString("utf8")}\n\`\`\``);
  }
  return { files, attachments };
}
