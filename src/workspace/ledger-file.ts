/** The ledger's file in a company folder. */
export const LEDGER_FILE = 'netwright.lock'
