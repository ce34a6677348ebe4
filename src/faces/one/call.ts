import { setTimeout as pause } from 'node:timers/promises'
import { type Member, requirePermission } from '../../core/access/member.ts'
import type { Permission } from '../../core/access/permissions.ts'
import type { AccountRecord } from '../../core/accounts/account.ts'
import type { Caller } from '../../core/audit/caller.ts'
import type { Engine } from '../../core/engine.ts'
import { Fault, type Language } from '../../core/faults.ts'
import { type OnceWork, once, unbound } from '../../core/limits/once.ts'
import type { ObjectKind } from '../../core/orders/order-faults.ts'
import { DocumentReader } from '../../core/store/document.ts'
import { type IdKind, readId } from './ids.ts'
import type { OneOptions } from './options.ts'
import type { Query } from './query.ts'
import type { Reader } from './reader.ts'
import { refuse, refuseParameter } from './refusal.ts'
import { readSerialNumber } from './values.ts'

export interface CallParts {
  readonly engine: Engine
  readonly options: OneOptions
  /** Undefined where anyone may call. */
  readonly member: Member | undefined
  readonly caller: Caller
  readonly language: Language
  readonly query: Query
  /** Values of the path's parameters, decoded. */
  readonly path: Readonly<Record<string, unknown>>
  /** Method and path as they were sent, for the idempotency of repeated requests. */
  readonly route: string
  readonly header: (name: string) => string | undefined
  /** The body as JSON of any type; undefined when there is none. */
  readonly content: unknown
  /** The bytes of the body. */
  readonly received: Uint8Array
}

/** A request that may be made. */
export class Call<Parameter extends string = string> {
  readonly engine: Engine
  readonly options: OneOptions
  readonly caller: Caller
  readonly language: Language
  readonly query: Query
  /** Members of the body; none when there is no body. */
  readonly body: Reader
  readonly content: unknown
  readonly #parts: CallParts

  constructor(parts: CallParts, body: Reader) {
    this.engine = parts.engine
    this.options = parts.options
    this.caller = parts.caller
    this.language = parts.language
    this.query = parts.query
    this.content = parts.content
    this.body = body
    this.#parts = parts
  }

  /** Who calls. */
  get member(): Member {
    const { member } = this.#parts
    if (member === undefined) throw new TypeError('this route is open to anyone')
    return member
  }

  get account(): AccountRecord {
    return this.member.account
  }

  may(permission: Permission): boolean {
    return this.member.permissions.has(permission)
  }

  /** @throws Fault permission_missing */
  require(permission: Permission): void {
    requirePermission(this.member, permission)
  }

  header(name: string): string | undefined {
    return this.#parts.header(name)
  }

  /** The body as it came. */
  get receivedText(): string {
    return Buffer.from(this.#parts.received).toString('utf8')
  }

  pathText(name: Parameter): string {
    const value = this.#parts.path[name]
    return typeof value === 'string' ? value : ''
  }

  /**
   * The number in an id that stands in the path.
   * @param object what it is the id of
   * @throws Fault object_unknown when nothing can have this id
   */
  pathId(name: Parameter, kind: IdKind, object: ObjectKind): number {
    const id = readId(kind, this.pathText(name))
    if (id === undefined) throw new Fault('object_unknown', { object })
    return id
  }

  /** The same where what is no id is answered like one of another account: 0, which nothing has. */
  idInPath(name: Parameter, kind: IdKind): number {
    return readId(kind, this.pathText(name)) ?? 0
  }

  /** A serial number in the path, upper-case hex. @throws Fault object_unknown */
  pathSerialNumber(name: Parameter): string {
    const serialNumber = readSerialNumber(this.pathText(name))
    if (serialNumber === undefined) throw new Fault('object_unknown', { object: 'certificate' })
    return serialNumber
  }

  /** Versions that a change was meant for, by `If-Match`; undefined: any. */
  get expectedVersions(): readonly string[] | undefined {
    const written = this.header('if-match')
    if (written === undefined) return undefined
    return written.split(',').map((each) => each.trim().replace(/^(?:W\/)?"(.*)"$/, '$1'))
  }

  /**
   * Holds every account that the request names to the caller's own.
   * @throws Refusal account_foreign
   */
  checkAccount(): void {
    const inBody = this.body.isObject('account') ? this.body.object('account').text('id') : undefined
    for (const id of [this.query.objectId('account'), inBody, this.body.text('account_id')]) {
      if (id !== undefined) requireAccount(this.member, id)
    }
  }

  /** @throws Refusal parameter_missing where the query names no account */
  requireAccountInQuery(): void {
    if (this.query.objectId('account') === undefined) throw refuseParameter('parameter_missing', 'account_id')
  }

  /**
   * Does work that makes something. When the caller named the request by `Idempotency-Key` (24 hours, one account),
   * it is done once however often the request comes: the others get what `recall` tells of it.
   *
   * @throws Refusal parameter_invalid for a key of another form; Fault idempotency_conflict, store_busy
   */
  once<Result>(work: Omit<OnceWork<Result>, 'pause'>): Promise<Result> {
    const key = this.header('idempotency-key')
    const { route, received } = this.#parts
    if (key === undefined) return work.run(unbound)
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw refuseParameter('parameter_invalid', 'Idempotency-Key')
    return once(
      this.engine,
      { accountId: this.account.id, userId: this.member.user.id, key, route, body: received },
      {
        ...work,
        run: (binding) => work.run(binding),
        recall: (subject) => work.recall(subject),
        pause: wait,
      },
    )
  }
}

/** The id in what was bound to a request that made one thing. */
export function madeId(subject: unknown): number {
  return new DocumentReader(subject, 'what a request made').integer('id')
}

/** @throws Refusal account_foreign */
export function requireAccount({ account }: Pick<Member, 'account'>, id: string): void {
  if (readId('account', id) !== account.id) throw refuse('account_foreign')
}

async function wait(milliseconds: number): Promise<void> {
  await pause(milliseconds)
}
