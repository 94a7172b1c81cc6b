import { type ConfigEdit, getAt, type OpenClawConfig } from "@openclaw/core/config";
import type { CommandContext } from "../../../command-line/command.ts";
import { usageError } from "../../../command-line/usage-error.ts";
import { changeConfiguration, nextStep } from "../../../installation/change-configuration.ts";
import { type Installation, loadInstallation } from "../../../installation/installation.ts";

const place = ["agents", "defaults", "model"];

/** `agents.defaults.model.fallbacks` as it is written. */
export function fallbacksOf({ loaded }: Installation): string[] {
  const model = loaded.authored.agents?.defaults?.model;
  return typeof model === "object" ? [...(model.fallbacks ?? [])] : [];
}

/** The word itself, or the model that an alias stands for. Throws on what is neither. */
export function modelNamed(word: string, { loaded }: Installation): string {
  const names = Object.entries(loaded.authored.agents?.defaults?.models ?? {});
  const aliased = names.find(([, entry]) => entry?.alias?.toLowerCase() === word.toLowerCase())?.[0];
  const model = aliased ?? word;
  if (/^[^/\s]+\/\S+$/.test(model)) return model;
  throw usageError(`"${word}" is neither provider/model nor an alias.`, "openclaw models list shows what there is.");
}

/** Reads the list, changes it, writes it and tells the result. */
export async function editFallbacks(
  context: CommandContext,
  change: (current: string[], installation: Installation) => string[],
): Promise<void> {
  const installation = await loadInstallation(context);
  const fallbacks = change(fallbacksOf(installation), installation);
  const result = await changeConfiguration(
    context,
    [fallbacksEdit(installation.loaded.authored, fallbacks)],
    installation,
  );
  const { terminal, json } = context;
  if (json) return terminal.json({ ok: true, fallbacks, written: result.written });
  terminal.out(fallbacks.length > 0 ? fallbacks.join("\n") : "There are no fallbacks.");
  const next = nextStep(result);
  if (next) terminal.err(next);
}

/** `agents.defaults.model` is a text until it has fallbacks. */
function fallbacksEdit(authored: OpenClawConfig, fallbacks: string[]): ConfigEdit {
  const current = getAt(authored, place);
  if (typeof current === "string") return { path: place, value: { primary: current, fallbacks } };
  return { path: [...place, "fallbacks"], value: fallbacks };
}
