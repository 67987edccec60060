/** A key store that cannot be used; the text tells the operator what to do and never holds a password. */
export class KeyMaterialError extends Error {}

export interface ClientKey {
  /** Private key, PEM. */
  readonly key: string;
  /** Passphrase of an encrypted PEM key; undefined for none. */
  readonly passphrase?: string;
  /** Certificate and its chain, PEM. */
  readonly cert: string;
}

export interface StoreLocation {
  /** Of the file; with `base64` the setting that holds it. */
  readonly path: string;
  /** The store itself. */
  readonly base64?: string;
  /** Of the store and of the key in it. */
  readonly password: string | null;
}
