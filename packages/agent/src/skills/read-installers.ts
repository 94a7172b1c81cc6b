import { plainObject } from "./front-matter.ts";
import type { SkillInstaller } from "./skill.ts";
import { oneLine, osNames, strings } from "./text-fields.ts";

const kinds = ["brew", "node", "go", "uv", "download"] as const;
const archives = ["tar.gz", "tar", "zip"] as const;

/**
 * What each value may look like. None can begin with `-`, so none is ever read as an option, and packages come from their
 * registry under a name: no addresses, no paths.
 */
const shapes = {
  formula: /^[a-z0-9][\w.+-]*(?:\/[\w.+-]+){0,2}(?:@[\w.]+)?$/i,
  node: /^(?:@[a-z0-9][\w.~-]*\/)?[a-z0-9][\w.~-]*(?:@[\w.^~-]+)?$/i,
  uv: /^[a-z0-9][\w.-]*(?:\[[\w,-]+\])?(?:[=<>!~]{1,2}[\w.]+)?$/i,
  module: /^[a-z0-9][\w-]*(?:\.[\w-]+)+(?:\/[\w.~-]+)+(?:@[\w.+-]+)?$/i,
  url: /^https:\/\/[^\s\\]+$/i,
  sha256: /^[0-9a-f]{64}$/i,
};

/** The installers that are complete and plainly written; others are left out, because nobody could judge them. */
export function readInstallers(value: unknown): SkillInstaller[] {
  const found = new Map<string, SkillInstaller>();
  for (const [index, entry] of (Array.isArray(value) ? value : []).slice(0, 20).entries()) {
    const installer = readInstaller(plainObject(entry) ?? {}, index);
    if (installer && !found.has(installer.id)) found.set(installer.id, installer);
  }
  return [...found.values()];
}

function readInstaller(fields: Record<string, unknown>, index: number): SkillInstaller | undefined {
  const kind = kinds.find((name) => name === fields["kind"]);
  const target = kind && readTarget(kind, fields);
  if (!kind || !target) return undefined;
  const bins = strings(fields["bins"]);
  const id = oneLine(fields["id"]);
  return {
    id: id && /^[\w.-]{1,64}$/.test(id) ? id : `${kind}-${index}`,
    kind,
    label: oneLine(fields["label"])?.slice(0, 120) ?? `Install ${bins.join(", ") || kind}`,
    bins,
    os: osNames(fields["os"]),
    ...target,
  };
}

function readTarget(
  kind: SkillInstaller["kind"],
  fields: Record<string, unknown>,
): Partial<SkillInstaller> | undefined {
  const take = (name: string, shape: RegExp) => {
    const text = oneLine(fields[name]);
    return text && shape.test(text) && !text.includes("..") ? text : undefined;
  };
  if (kind === "brew") return some("formula", take("formula", shapes.formula));
  if (kind === "node") return some("package", take("package", shapes.node));
  if (kind === "uv") return some("package", take("package", shapes.uv));
  if (kind === "go") return some("module", take("module", shapes.module));
  const url = take("url", shapes.url);
  if (!url || (fields["sha256"] !== undefined && !take("sha256", shapes.sha256))) return undefined;
  const archive =
    archives.find((name) => name === fields["archive"]) ?? archives.find((name) => url.endsWith(`.${name}`));
  const strip = fields["stripComponents"];
  return {
    url,
    ...some("sha256", take("sha256", shapes.sha256)?.toLowerCase()),
    ...(archive && fields["extract"] !== false ? { archive } : {}),
    ...(Number.isInteger(strip) && Number(strip) > 0 ? { stripComponents: Math.min(10, Number(strip)) } : {}),
  };
}

function some<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: string } | undefined {
  return value ? ({ [name]: value } as { [key in Name]: string }) : undefined;
}
