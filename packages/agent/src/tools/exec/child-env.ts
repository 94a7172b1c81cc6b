import { OpenClawError } from "@openclaw/core";
import { KNOWN_PROVIDERS } from "../../models/known-providers.ts";

/** Variables by which a command could run other code than the one that was asked for. A call may not set them. */
const DANGEROUS =
  /^(PATH|LD_.*|DYLD_.*|NODE_OPTIONS|NODE_PATH|PYTHONPATH|PYTHONHOME|RUBYLIB|PERL5LIB|BASH_ENV|ENV|GCONV_PATH|IFS|SSLKEYLOGFILE|BASH_FUNC_.*|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|PERL5OPT|RUBYOPT|PYTHONSTARTUP)$/i;

/** Of those, what would leak from the gateway's own start into every command. */
const NOT_INHERITED =
  /^(NODE_OPTIONS|NODE_CHANNEL_FD|NODE_COMPILE_CACHE|LD_PRELOAD|DYLD_INSERT_LIBRARIES|BASH_ENV|ENV|SSLKEYLOGFILE)$/;

const SECRETS = new Set([
  ...KNOWN_PROVIDERS.flatMap((provider) => provider.env),
  "BRAVE_API_KEY",
  "PERPLEXITY_API_KEY",
  "FIRECRAWL_API_KEY",
  "OPENCLAW_GATEWAY_TOKEN",
  "OPENCLAW_GATEWAY_PASSWORD",
  "TELEGRAM_BOT_TOKEN",
  "DISCORD_BOT_TOKEN",
  "SLACK_BOT_TOKEN",
  "SLACK_APP_TOKEN",
]);

/**
 * Environment of a command: the process's, without the gateway's own keys (a model that can print them would put them
 * into the transcript), plus what the call sets. Throws `EXEC_ENV_REFUSED` for a dangerous name.
 */
export function childEnv(
  base: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && !NOT_INHERITED.test(name) && !SECRETS.has(name)) env[name] = value;
  }
  for (const [name, value] of Object.entries(extra)) {
    if (DANGEROUS.test(name)) {
      throw new OpenClawError({
        code: "EXEC_ENV_REFUSED",
        message: `A command may not set ${name}.`,
        hint: "Call the program by its full path, or set the variable inside a script file.",
      });
    }
    env[name] = value;
  }
  return env;
}
