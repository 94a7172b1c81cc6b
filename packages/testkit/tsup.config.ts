import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

export default defineConfig(library({ "index": "src/index.ts", "telegram/index": "src/telegram/index.ts", "llm/index": "src/llm/index.ts", "conformance/index": "src/conformance/index.ts" }));
