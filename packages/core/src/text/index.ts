export { displayWidth } from "../markdown/display-width.ts";
