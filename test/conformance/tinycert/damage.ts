import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

/** What is done to a store, as a fault or an intruder would. */
export interface Damage {
  /** Email of the account whose name is changed without its integrity value. */
  readonly corruptAccount: string
  /** Email of the account whose row is removed, its sessions left. */
  readonly removedAccount: string
  /** Token of the session whose sealed secrets are changed. */
  readonly spoiltToken: string
  /** Id of the CA whose certificate is cut short. */
  readonly brokenAuthority: number
}

/** Edits the database of a data folder that no program has open. Throws when a row is not there. */
export function damage(dataFolder: string, damage: Damage): void {
  const database = new DatabaseSync(join(dataFolder, 'chancery.db'), { enableForeignKeyConstraints: false })
  const edit = (sql: string, ...values: readonly SQLInputValue[]) => {
    const { changes } = database.prepare(sql).run(...values)
    if (Number(changes) !== 1) throw new Error(`${changes} rows instead of one: ${sql}`)
  }
  try {
    edit("UPDATE account SET name = name || ' (changed)' WHERE email = ?", damage.corruptAccount)
    edit('DELETE FROM account WHERE email = ?', damage.removedAccount)
    const digest = createHash('sha256').update(damage.spoiltToken).digest()
    const row = database.prepare('SELECT secrets_sealed FROM session WHERE token_digest = ?').get(digest)
    const sealed = row?.secrets_sealed
    if (!(sealed instanceof Uint8Array)) throw new Error('no session with this token')
    const last = sealed.length - 1
    sealed[last] = (sealed[last] ?? 0) ^ 1
    edit('UPDATE session SET secrets_sealed = ? WHERE token_digest = ?', sealed, digest)
    edit(
      'UPDATE authority SET certificate_der = substr(certificate_der, 1, 100) WHERE id = ?',
      damage.brokenAuthority,
    )
  } finally {
    database.close()
  }
}
