import { join } from 'node:path'
import { temporaryFolder } from '../../support/tmp.ts'
import type { FaceConformance } from '../conformance.ts'
import { provokeAccess } from './access.ts'
import { provokeBrokenStore } from './broken-store.ts'
import { provokeChanges } from './changes.ts'
import { provokeControl } from './control.ts'
import { openShop } from './fixtures.ts'
import { provokeParameters } from './parameters.ts'
import { provokeProducts } from './products.ts'
import { Rows } from './rows.ts'
import { wireCodes } from './wire-codes.ts'
import { startWorld } from './world.ts'

/** The CertCentral Services API: every code of its table. */
export const certcentralConformance: FaceConformance = {
  face: 'certcentral',
  title: 'CertCentral Services API v2',
  codes: wireCodes.map(({ name }) => name),
  async run(scope) {
    const world = await startWorld(scope, join(temporaryFolder(scope, 'conformance'), 'data'))
    const rows = new Rows()
    const shop = await openShop(world, world.tenants.shop)
    await provokeAccess(world, shop, rows)
    await provokeParameters(shop, rows)
    await provokeProducts(world, shop, rows)
    await provokeChanges(shop, rows)
    await provokeControl(world, shop, rows)
    await provokeBrokenStore(world, shop, rows)
    await world.server.stop()
    return rows.provoked
  },
}
