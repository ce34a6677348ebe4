/** An alternative name as a caller wrote it. */
export interface NameRequest {
  /**
   * The forms a profile can allow, `upn` being the otherName of a user of Windows; `directory`, `other` and the rest only come from requests that hold them and
   * are always refused.
   */
  readonly type:
    | 'dns'
    | 'ip'
    | 'email'
    | 'uri'
    | 'upn'
    | 'directory'
    | 'other'
    | 'registeredId'
    | 'x400'
    | 'ediParty'
  /** Text of the name; for forms without text whatever helps to recognise it in a refusal. */
  readonly value: string
  /** The parameter it came in, in the face's own spelling: `SANs[0][DNS]`. */
  readonly parameter: string
}
