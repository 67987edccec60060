import { AsyncLocalStorage } from 'node:async_hooks';

/** Kept for as long as a database transaction runs: tells code that knows no database whether one is open. */
export interface OpenTransaction {
  isOpen: boolean;
}

/** The transaction that runs where this is asked; undefined: none. */
export const openTransactions = new AsyncLocalStorage<OpenTransaction | undefined>();

/** Whether what is done here holds up a connection and perhaps locks. */
export const isInsideTransaction = (): boolean => openTransactions.getStore()?.isOpen === true;

/**
 * A call outside may take as long as its timeout. In an open transaction it would keep locks from others for that long.
 * @param peer the system that is called
 * @throws Error a transaction is open
 */
export function assertOutsideTransaction(peer: string): void {
  if (isInsideTransaction()) throw new Error(`${peer} must not be called inside a transaction`);
}
