import { ApiFailure, badRequest } from "../api-failure.ts";
import { flagParam, type Method, numberParam, objectParam, textParam } from "./context.ts";

export const getUpdates: Method = ({ params, queue, webhook, signal }) => {
  if (webhook.active)
    throw new ApiFailure(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  queue.setAllowed(objectParam<string[] | undefined>(params, "allowed_updates", undefined));
  const options: Parameters<typeof queue.poll>[0] = { timeoutMs: (numberParam(params, "timeout") ?? 0) * 1000, signal };
  const offset = numberParam(params, "offset");
  if (offset !== undefined) options.offset = offset;
  const limit = numberParam(params, "limit");
  if (limit !== undefined) options.limit = limit;
  return queue.poll(options);
};

export const setWebhook: Method = (context) => {
  const { params, queue, webhook } = context;
  const url = textParam(params, "url");
  if (url === "") return deleteWebhook(context);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // The cloud takes https only; a local Bot API server also takes http, which is what tests use.
  if (parsed === undefined || !["https:", "http:"].includes(parsed.protocol))
    throw badRequest("bad webhook: invalid webhook URL specified");
  const secret = textParam(params, "secret_token");
  if (secret !== "" && !/^[\w-]{1,256}$/.test(secret)) throw badRequest("secret token contains unallowed characters");
  queue.setAllowed(objectParam<string[] | undefined>(params, "allowed_updates", undefined));
  if (flagParam(params, "drop_pending_updates")) queue.drop();
  queue.evict(new ApiFailure(409, "Conflict: terminated by setWebhook request"));
  webhook.set(secret === "" ? { url } : { url, secretToken: secret });
  return true;
};

export const deleteWebhook: Method = ({ params, queue, webhook }) => {
  if (flagParam(params, "drop_pending_updates")) queue.drop();
  webhook.set(undefined);
  return true;
};

export const getWebhookInfo: Method = ({ webhook }) => webhook.info();
