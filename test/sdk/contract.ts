/**
 * Holds the answers that the client's contract tells of against what the routes of the DigiCert ONE face return, member
 * by member: compiled with everything else, and never run. What is sent is compared in contract.test.ts.
 */
import type { Endpoints, ErrorAnswer, PrivateCaErrorAnswer } from '../../sdk/src/contract/index.ts'
import type { ListedErrors } from '../../src/faces/one/error-answer.ts'
import type { otherAddresses } from './other-addresses.ts'
import type { FileEndpoint, ServedAnswer, ServedEndpoint } from './served.ts'
import type { MembersOf, Nothing, Wire } from './wire-types.ts'

type Endpoint = keyof Endpoints

type OtherAddress = (typeof otherAddresses)[number]

export type NotServed = Nothing<Exclude<Endpoint | OtherAddress, ServedEndpoint>>
export type WithoutCall = Nothing<Exclude<ServedEndpoint, Endpoint | OtherAddress>>

type MembersInContract = { [E in Endpoint]: MembersOf<Endpoints[E]['answer'], E> }[Endpoint]
type MembersAnswered = { [E in Endpoint]: MembersOf<ServedAnswer<E>, E> }[Endpoint]

export type NeverAnswered = Nothing<Exclude<MembersInContract, MembersAnswered>>
export type NotInContract = Nothing<Exclude<MembersAnswered, MembersInContract>>

/** Answers with values, or with none, where the contract does not expect it. */
export type Unexpected = Nothing<
  { [E in Endpoint]: [ServedAnswer<E>] extends [Endpoints[E]['answer']] ? never : E }[Endpoint]
>
export type NoBody = Nothing<
  {
    [E in Endpoint]: [Endpoints[E]['answer']] extends [undefined]
      ? [ServedAnswer<E>] extends [undefined]
        ? never
        : E
      : never
  }[Endpoint]
>

type FileInContract = { [E in Endpoint]: Endpoints[E] extends { file: string } ? E : never }[Endpoint]
export type FileNotServed = Nothing<Exclude<FileInContract, FileEndpoint>>

type Refusal = ErrorAnswer | PrivateCaErrorAnswer
export type ErrorNeverAnswered = Nothing<
  Exclude<MembersOf<Refusal, 'error'>, MembersOf<Wire<ListedErrors>, 'error'>>
>
export type ErrorNotInContract = Nothing<
  Exclude<MembersOf<Wire<ListedErrors>, 'error'>, MembersOf<Refusal, 'error'>>
>
