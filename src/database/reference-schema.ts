import type { ClientBase } from 'pg';
export async function listSchemaProblems(_client: ClientBase): Promise<string[]> {
  return [];
}
