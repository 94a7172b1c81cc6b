/** A refusal in the words of the Bot API; the HTTP layer turns it into `{ok:false, error_code, description}`. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly status: number;
  readonly parameters?: Record<string, unknown>;

  constructor(status: number, description: string, parameters?: Record<string, unknown>) {
    super(description);
    this.status = status;
    if (parameters !== undefined) this.parameters = parameters;
  }
}

export const badRequest = (reason: string): ApiFailure => new ApiFailure(400, `Bad Request: ${reason}`);
