import type { FaceConformance } from '../conformance.ts'
import { provokeAccess } from './access.ts'
import { provokeCertificates } from './certificates.ts'
import { provokeEnvironments } from './environments.ts'
import { openAccount } from './fixtures.ts'
import { makeEnding, provokeMidnight, seeNotice } from './midnight.ts'
import { provokeMutualTls } from './mutual-tls.ts'
import { provokeObjects } from './objects.ts'
import { provokeBrokenAuthority, provokeOutages } from './outages.ts'
import { provokeRequests } from './requests.ts'
import { parts, Rows } from './rows.ts'
import { startWorld } from './world.ts'

/** The DigiCert ONE APIs: statuses, symptoms, words that clients compare, and every reason of the face's table. */
export const oneConformance: FaceConformance = {
  face: 'one',
  title: 'DigiCert ONE APIs',
  codes: parts.flatMap(({ codes }) => codes),
  parts,
  async run(scope) {
    const world = await startWorld(scope)
    const rows = new Rows()
    const [account, other] = [
      await openAccount(world.tenants.harbour),
      await openAccount(world.tenants.stranger),
    ]
    await provokeAccess(world, account, other, rows)
    await provokeRequests(world, account, rows)
    await provokeObjects(account, rows)
    await provokeCertificates(account, rows)
    await provokeMutualTls(world, account, rows)
    await provokeEnvironments(scope, account, rows)
    const ending = await makeEnding(world, account)
    await provokeOutages(world, account, other, rows)
    const restarted = await provokeBrokenAuthority(world, account, other, rows)
    await seeNotice(world, rows)
    await provokeMidnight(world, ending, rows)
    await restarted.stop()
    return rows.provoked
  },
}
