import type { AttributeRequest } from './subject.ts'

/** An alternative name as a caller wrote it. */
export interface NameRequest {
  /**
   * The forms a profile can allow, `upn` being the otherName of a user of Windows and `guid` that of a domain
   * controller; `x400` and `ediParty` only come from requests that hold them and are always refused.
   */
  readonly type:
    | 'dns'
    | 'ip'
    | 'email'
    | 'uri'
    | 'upn'
    | 'guid'
    | 'directory'
    | 'other'
    | 'registeredId'
    | 'x400'
    | 'ediParty'
  /** Text of the name; for forms without text whatever helps to recognise it in a refusal. */
  readonly value: string
  /** Of `other`: its kind as a dotted OID, the value being a text. Absent: a value of another type, always refused. */
  readonly typeId?: string
  /** Of `directory`. */
  readonly attributes?: readonly AttributeRequest[]
  /** The parameter it came in, in the face's own spelling: `SANs[0][DNS]`. */
  readonly parameter: string
}
