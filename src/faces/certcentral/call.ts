import { setTimeout as pause } from 'node:timers/promises'
import type { AccountRecord } from '../../core/accounts/account.ts'
import type { Caller } from '../../core/audit/caller.ts'
import type { Engine } from '../../core/engine.ts'
import { Fault, type Language } from '../../core/faults.ts'
import { permits, type Resource, type Right } from '../../core/identity/permissions.ts'
import type { Principal } from '../../core/identity/principal.ts'
import type { Scope } from '../../core/identity/scope.ts'
import type { User } from '../../core/identity/user.ts'
import { type OnceWork, once, unbound } from '../../core/limits/once.ts'
import type { ObjectKind } from '../../core/orders/order-faults.ts'
import { readInteger } from '../json-values.ts'
import type { CertcentralOptions } from './options.ts'
import type { Query } from './query.ts'
import type { Reader } from './reader.ts'
import { refuse } from './refusal.ts'
import { largestId } from './values.ts'

export interface CallParts {
  readonly engine: Engine
  readonly options: CertcentralOptions
  readonly principal: Principal
  readonly caller: Caller
  readonly language: Language
  readonly query: Query
  /** Values of the path's parameters, decoded. */
  readonly path: Readonly<Record<string, unknown>>
  /** Method and path as they were sent, for the idempotency of repeated requests. */
  readonly route: string
  readonly idempotencyKey: string | undefined
}

/** A request whose caller is known and may make it. */
export class Call<Parameter extends string = string> {
  readonly engine: Engine
  readonly options: CertcentralOptions
  readonly principal: Principal
  readonly caller: Caller
  readonly language: Language
  readonly query: Query
  /** Members of the body; none when there is no body. */
  readonly body: Reader
  readonly #parts: CallParts
  readonly #received: Uint8Array

  /** @param received the bytes of the body */
  constructor(parts: CallParts, body: Reader, received: Uint8Array) {
    this.engine = parts.engine
    this.options = parts.options
    this.principal = parts.principal
    this.caller = parts.caller
    this.language = parts.language
    this.query = parts.query
    this.body = body
    this.#parts = parts
    this.#received = received
  }

  get account(): AccountRecord {
    return this.principal.account
  }

  get user(): User {
    return this.principal.user
  }

  /** What the caller sees; objects outside are answered like unknown ones. */
  get scope(): Scope {
    return this.principal.scope
  }

  may(resource: Resource, right: Right): boolean {
    return permits(this.principal.rights, resource, right)
  }

  pathText(name: Parameter): string {
    const value = this.#parts.path[name]
    return typeof value === 'string' ? value : ''
  }

  /**
   * The id in a path.
   * @param object what it is the id of
   * @throws Fault object_unknown when nothing can have this id
   */
  pathId(name: Parameter, object: ObjectKind): number {
    const id = readInteger(this.pathText(name))
    if (id === undefined || id < 1 || id > largestId) throw new Fault('object_unknown', { object })
    return id
  }

  /**
   * Does work that makes something. When the caller named the request by `Idempotency-Key` (24 hours, one account),
   * it is done once however often the request comes: the others get what `recall` tells of it.
   *
   * @throws Refusal invalid_value for a key of another form; Fault idempotency_conflict, store_busy
   */
  once<Result>(work: Omit<OnceWork<Result>, 'pause'>): Promise<Result> {
    const { idempotencyKey: key, route } = this.#parts
    if (key === undefined) return work.run(unbound)
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw refuse('invalid_value', 'Idempotency-Key')
    return once(
      this.engine,
      { accountId: this.account.id, userId: this.user.id, key, route, body: this.#received },
      {
        ...work,
        run: (binding) => work.run(binding),
        recall: (subject) => work.recall(subject),
        pause: wait,
      },
    )
  }
}

async function wait(milliseconds: number): Promise<void> {
  await pause(milliseconds)
}
