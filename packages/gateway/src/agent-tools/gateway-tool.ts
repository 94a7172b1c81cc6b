import { OpenClawError } from "@openclaw/core";
import type { ConfigIssue } from "@openclaw/core/config";
import type { Tool, ToolContext, ToolResult } from "@openclaw/plugin-sdk/tool";
import { refuseConfigWrite } from "../commands/access/config-writes.ts";
import { writeSentinel } from "../configuration/restart-sentinel.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { RpcError } from "../server/rpc-error.ts";
import type { MethodHandler } from "../server/types.ts";
import { jsonResult } from "../session-tools/json-result.ts";
import { childrenOf, schemaAt, valueAt } from "./config-view.ts";

interface Params {
  action: "config.get" | "config.schema" | "config.patch" | "config.apply" | "restart";
  path?: string;
  raw?: string;
  baseHash?: string;
  note?: string;
}

export interface GatewayToolOptions extends Pick<
  GatewayContext,
  "engine" | "config" | "channels" | "restart" | "paths" | "clock" | "log"
> {
  /** The `config.*` methods: the tool does what they do, under the same checks. */
  configMethods: ReadonlyMap<string, MethodHandler>;
}

/** Time for the answer to reach its chat before the gateway goes, ms. */
const RESTART_DELAY_MS = 2_000;

/** Lets an owner's agent read and change the configuration, and restart the gateway. */
export function createGatewayTool(options: GatewayToolOptions): Tool<Params & Record<string, unknown>> {
  const { engine, channels, config, log } = options;

  async function call(method: string, params: Record<string, unknown>): Promise<Record<string, unknown>> {
    try {
      return (await (options.configMethods.get(method) as (params: unknown) => unknown)(params)) as Record<
        string,
        unknown
      >;
    } catch (error) {
      throw RpcError.is(error) ? readable(error) : error;
    }
  }

  /** The tool is not offered to others; a call that comes through all the same is refused here. */
  function assertOwner({ sessionKey }: ToolContext): void {
    if (engine.current(sessionKey)?.sender?.owner) return;
    throw new OpenClawError({
      code: "GATEWAY_OWNER_ONLY",
      message: "The gateway tool is for owners only.",
      hint: "Owners are named in commands.ownerAllowFrom.",
    });
  }

  function assertWritable({ sessionKey }: ToolContext): void {
    const route = engine.current(sessionKey)?.route;
    const refusal = route && refuseConfigWrite(route, { channels });
    if (refusal) throw new OpenClawError({ code: "GATEWAY_WRITES_OFF", message: refusal });
  }

  async function change({ action, raw, baseHash, note }: Params, context: ToolContext): Promise<ToolResult> {
    assertWritable(context);
    if (!raw?.trim()) throw new OpenClawError({ code: "CONFIG_RAW", message: `${action} needs raw.` });
    const { sessionKey } = context;
    const { restart } = await call(action, { raw, baseHash, note, sessionKey, restartDelayMs: RESTART_DELAY_MS });
    log.warn(`${action} by the agent in ${sessionKey}`);
    return jsonResult({ ok: true, restart });
  }

  const actions: Record<Params["action"], (params: Params, context: ToolContext) => Promise<ToolResult> | ToolResult> =
    {
      async "config.get"({ path = "" }) {
        const { hash, valid, issues, config: authored, path: file } = await call("config.get", {});
        const problems = (issues as unknown[]).length > 0 ? { issues } : {};
        return jsonResult({ file, hash, valid, ...problems, config: valueAt(authored, path) ?? null });
      },
      async "config.schema"({ path = "" }) {
        const { schema } = await call("config.schema", {});
        const part = schemaAt(schema, path);
        if (!part) {
          throw new OpenClawError({
            code: "CONFIG_UNKNOWN",
            message: `The configuration has no key ${path}.`,
            hint: "Ask for the schema of the part above it.",
          });
        }
        return jsonResult({ path, keys: childrenOf(part), ...(path === "" ? {} : { schema: part }) });
      },
      "config.patch": change,
      "config.apply": change,
      restart({ note }, { sessionKey }) {
        if (config().commands?.restart !== true) {
          throw new OpenClawError({
            code: "RESTART_OFF",
            message: "Restarting from here is off.",
            hint: "The owner can allow it with commands.restart: true.",
          });
        }
        if (!options.restart) {
          throw new OpenClawError({
            code: "RESTART_IMPOSSIBLE",
            message: "Nothing would start this gateway again.",
            hint: "Use openclaw gateway restart on its machine.",
          });
        }
        writeSentinel(options.paths.restartSentinelPath, {
          kind: "restart",
          status: "ok",
          ts: options.clock.now(),
          sessionKey,
          message: note ?? null,
          doctorHint: "Run: openclaw doctor",
          stats: { mode: "gateway tool" },
        });
        log.warn(`restart by the agent in ${sessionKey}`);
        options.restart("gateway tool", RESTART_DELAY_MS);
        return jsonResult({ ok: true, note: "It restarts when running turns have ended. Finish your answer." });
      },
    };

  return {
    name: "gateway",
    label: "Gateway",
    description:
      "Read (config.get, config.schema) or change (config.patch, config.apply) the configuration, or restart the gateway. Only when the user asks. Changes need the hash of config.get and restart the gateway.",
    parameters: {
      type: "object",
      required: ["action"],
      properties: {
        action: { type: "string", enum: Object.keys(actions) },
        path: { type: "string", description: "get, schema: only this part, e.g. channels.telegram" },
        raw: { type: "string", description: "JSON5: a merge patch (patch; null removes) or the whole file (apply)" },
        baseHash: { type: "string", description: "hash of config.get" },
        note: { type: "string", description: "Said in this chat after the restart" },
      },
    },
    async execute(params, context) {
      assertOwner(context);
      return actions[params.action](params, context);
    },
  };
}

function readable(error: RpcError): OpenClawError {
  const { issues = [] } = (error.details ?? {}) as { issues?: Pick<ConfigIssue, "path" | "message">[] };
  return new OpenClawError({
    code: "CONFIG_REFUSED",
    message: [error.message, ...issues.map(({ path, message }) => `${path}: ${message}`)].join("\n"),
    hint: "Nothing was changed.",
  });
}
