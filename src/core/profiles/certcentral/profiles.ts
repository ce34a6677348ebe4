import type { LeafProfile } from '../profile.ts'
import { clientProfiles } from './clients.ts'
import { signingProfiles } from './signing.ts'
import { mailProfiles } from './smime.ts'
import { gridProfiles, serverProfiles } from './tls.ts'

/** What the products of the CertCentral API are issued under. */
export const certcentralProfiles: readonly LeafProfile[] = [
  ...serverProfiles,
  ...gridProfiles,
  ...clientProfiles,
  ...mailProfiles,
  ...signingProfiles,
]
