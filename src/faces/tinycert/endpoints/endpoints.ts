import type { Endpoint } from '../endpoint.ts'
import { caDelete } from './ca-delete.ts'
import { caDetails } from './ca-details.ts'
import { caGet } from './ca-get.ts'
import { caList } from './ca-list.ts'
import { caNew } from './ca-new.ts'
import { certDetails } from './cert-details.ts'
import { certGet } from './cert-get.ts'
import { certList } from './cert-list.ts'
import { certNew } from './cert-new.ts'
import { certReissue } from './cert-reissue.ts'
import { certStatus } from './cert-status.ts'
import { connect } from './connect.ts'
import { disconnect } from './disconnect.ts'

/** Every endpoint there is, by path. What is not here is not found. */
export const endpoints: ReadonlyMap<string, Endpoint> = new Map(
  [
    connect,
    disconnect,
    caList,
    caDetails,
    caGet,
    caDelete,
    caNew,
    certList,
    certDetails,
    certGet,
    certReissue,
    certStatus,
    certNew,
  ].map((endpoint) => [endpoint.path, endpoint]),
)
