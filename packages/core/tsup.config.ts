import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

export default defineConfig({
  ...library(),
  // The compiled validators lose half their size, and with it half their time to load.
  esbuildOptions(options) {
    options.minifyWhitespace = true;
  },
});
