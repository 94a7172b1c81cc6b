import type { ConfigManifest } from "./manifest.ts";
import { composeSchema, type PublishedSchema } from "./publish.ts";

/** The schema with everything the given manifests describe: what `config.schema` answers and a form is made from. */
export async function publishSchema(
  manifests: readonly ConfigManifest[],
  options: { version: string },
): Promise<PublishedSchema> {
  const { rootSchema } = await import("./generated/root-schema.js");
  return composeSchema(rootSchema, await Promise.all(manifests.map((manifest) => manifest.data())), options);
}
