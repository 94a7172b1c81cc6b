declare module "*.css";

interface ImportMeta {
  /** Filled in by the build, see vite.config.ts. */
  readonly env: { readonly VITE_VERSION: string };
}
