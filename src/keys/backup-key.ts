import { hkdfSync } from 'node:crypto'
import { MasterKeyError, MasterKeyFile } from './master-key-file.ts'

/**
 * The 256-bit key that backups are sealed under, derived from the master key in use. A store is of no use
 * without its master key, so a backup asks for no second secret. After a rotation older backups need the
 * older key.
 *
 * @throws MasterKeyError when the file is not there or is not a master key
 */
export function backupKeyOf(masterKeyFile: string): Uint8Array {
  const master = new MasterKeyFile(masterKeyFile).read()
  if (master === undefined) {
    throw new MasterKeyError(
      `there is no master key in "${masterKeyFile}": put the key that belongs to the backup there, or name it with --master-key-file`,
    )
  }
  return new Uint8Array(hkdfSync('sha256', master.key, new Uint8Array(), 'chancery backup key', 32))
}
