import { generate } from "./generate.mjs";

export default async function setup() {
  await generate();
}
