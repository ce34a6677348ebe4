import type { ErrorCatalogue } from '../core/catalogue.ts'
import { tinycertCatalogue } from '../faces/tinycert/catalogue.ts'

/** Of every face that has error codes. */
export const catalogues: readonly ErrorCatalogue[] = [tinycertCatalogue]
