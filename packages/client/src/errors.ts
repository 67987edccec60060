/** The register, or a system that the client logs in at, answered with an error, or not at all. */
export class OnrError extends Error {
  override readonly name = 'OnrError';

  /**
   * @param status of the answer
   * @param body what came with it: of the register its error, with `message` and perhaps `fieldErrors`
   */
  constructor(
    message: string,
    readonly status: number,
    readonly body: unknown,
  ) {
    super(message);
  }
}
