import type { LogsTailParams } from "@openclaw/protocol/schema";
import type { GatewayContext } from "../gateway-context.ts";
import { tailFile } from "../installation/tail-file.ts";
import type { MethodHandler } from "../server/types.ts";

const DEFAULT_LINES = 500;
const DEFAULT_BYTES = 250_000;

export function logMethods(context: GatewayContext): Record<string, MethodHandler> {
  return {
    "logs.tail": ({ cursor, limit = DEFAULT_LINES, maxBytes = DEFAULT_BYTES }: LogsTailParams) =>
      tailFile(context.logFile(), { cursor, limit, maxBytes }),
  };
}
