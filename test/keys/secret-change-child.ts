/**
 * Changes a secret of the installation in a folder and kills itself at a stop point.
 *
 *     node secret-change-child.ts FOLDER master-key|passphrase STOP-POINT
 *
 * Without a stop point it goes on changing until it is killed from outside; a line tells that it began.
 */
import { changePassphrase } from '../../src/core/accounts/passphrase-change.ts'
import { accountId } from '../../src/core/brand.ts'
import { rotateMasterKey } from '../../src/core/keys/rotate-master-key.ts'
import { openInstallation, testCaller } from '../support/installation.ts'
import { passphraseOf } from './secret-change.ts'

const [folder = '', secret = '', stopPoint] = process.argv.slice(2)

const installation = await openInstallation({
  folder,
  stopAt: (point) => {
    if (point !== stopPoint) return
    process.kill(process.pid, 'SIGKILL')
    return new Promise(() => {})
  },
})
console.log('began')
for (let round = 0; stopPoint === undefined || round < 1; round++) {
  if (secret === 'master-key') {
    await rotateMasterKey(installation, installation.sealer, testCaller)
  } else {
    const change = { accountId: accountId(1), current: passphraseOf(round), next: passphraseOf(round + 1) }
    await changePassphrase(installation, change, testCaller)
  }
}
