import type { ErrorCatalogue } from '../core/catalogue.ts'
import { certcentralCatalogue } from '../faces/certcentral/catalogue.ts'
import { oneCatalogue } from '../faces/one/catalogue.ts'
import { tinycertCatalogue } from '../faces/tinycert/catalogue.ts'

/** Of every face that has error codes. */
export const catalogues: readonly ErrorCatalogue[] = [certcentralCatalogue, oneCatalogue, tinycertCatalogue]
