/** What the tests use of the sandbox users; the fields are described in users.mjs. */
export interface SandboxUser {
  readonly name: string;
  readonly oid: string | null;
  readonly roles: Readonly<Record<string, string[]>>;
}
export const users: readonly SandboxUser[];
export function casAuthorities(user: SandboxUser): string[];
