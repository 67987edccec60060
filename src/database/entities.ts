/** Every entity class of the service; a test compares each with the live schema. */
export const ENTITIES: Function[] = []; // eslint-disable-line @typescript-eslint/no-unsafe-function-type
