import type { ClientBase } from 'pg';
export function loadPersons(client: ClientBase): Promise<number>;
