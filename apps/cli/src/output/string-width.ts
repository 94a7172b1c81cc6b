/** Stands in for `string-width` in the bundle: the original loads Unicode tables before anybody asks for a width. */
export { displayWidth as default } from "@openclaw/core/text";
