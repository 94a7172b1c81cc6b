import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

export default defineConfig(library({ "index": "src/index.ts", "channel/index": "src/channel/index.ts", "tool/index": "src/tool/index.ts", "markdown/index": "src/markdown/index.ts" }));
