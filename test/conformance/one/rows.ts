import { type Reason, type ReasonRow, reasons } from '../../../src/faces/one/reasons.ts'
import type { HttpAnswer } from '../../support/http.ts'
import type { Provoked } from '../conformance.ts'
import { type Other, otherAnswers, type Status, statuses, type Trouble, troubles } from './tables.ts'
import { type Members, members } from './world.ts'

export interface Condition {
  /** What was done, in words for the document. */
  readonly condition: string
  /** Rows of the other tables that the same answer fills. */
  readonly fills?: readonly (Status | Trouble | Other)[]
  /** Where it differs from the status of the reason: the HTTP layer has several for a head that is too large. */
  readonly status?: number
  /** What the answer has to be beside that. */
  readonly also?: (answer: HttpAnswer, body: Members) => boolean
}

/** What was provoked so far. */
export class Rows {
  readonly provoked: Provoked[] = []

  /** Notes an answer that has to be a refusal for a reason, in the form of the API that was called. */
  async refusal(
    reason: Reason,
    { condition, fills = [], status, also }: Condition,
    asked: HttpAnswer | Promise<HttpAnswer>,
  ): Promise<void> {
    const answer = await asked
    const row: ReasonRow = reasons[reason]
    const httpStatus = status ?? row.status
    const body = bodyOf(answer.text)
    const reached =
      answer.status === httpStatus &&
      saysReason(row, body) &&
      body.request_id === answer.headers['x-request-id'] &&
      (httpStatus !== 429 && httpStatus !== 503 ? true : Number(answer.headers['retry-after']) >= 1) &&
      (also?.(answer, body) ?? true)
    for (const code of [`${row.code}: ${reason}`, ...fills]) {
      this.#note(code, httpStatus, condition, answer, reached)
    }
  }

  /** Notes an answer that has to be a success, with a body unless it is 204. */
  async success(
    code: Status | Trouble,
    condition: string,
    httpStatus: number,
    asked: HttpAnswer | Promise<HttpAnswer>,
  ): Promise<void> {
    const answer = await asked
    const reached = answer.status === httpStatus && (answer.text === '') === (httpStatus === 204)
    this.#note(code, httpStatus, condition, answer, reached)
  }

  /** Notes a connection that has to end before there is an answer. */
  async noHandshake(code: Trouble, condition: string, asked: Promise<HttpAnswer>): Promise<void> {
    const came = await asked.catch((error: unknown) => ({ status: 0, text: String(error) }))
    this.#note(code, 'handshake', condition, came, came.status === 0)
  }

  /** Notes what is seen elsewhere than in an answer. */
  seen(code: Trouble, condition: string, shown: string | undefined): void {
    this.#note(code, 200, condition, { status: 200, text: shown ?? 'nothing' }, shown !== undefined)
  }

  #note(
    code: string,
    httpStatus: Provoked['httpStatus'],
    condition: string,
    { status, text }: Pick<HttpAnswer, 'status' | 'text'>,
    reached: boolean,
  ): void {
    this.provoked.push({ code, httpStatus, condition, answer: { status, body: text }, reached })
  }
}

/** The rows of all tables, part by part. */
export const parts = [
  { heading: 'Statuses and machine codes', column: 'answer', codes: statuses },
  { heading: 'Troubleshooting', column: 'trouble', codes: troubles },
  { heading: 'Answers that clients compare', column: 'answer', codes: otherAnswers },
  {
    heading: 'Reasons to refuse',
    column: 'code and reason',
    codes: Object.entries(reasons).map(([reason, { code }]) => `${code}: ${reason}`),
  },
]

function bodyOf(text: string): Members {
  try {
    return members(JSON.parse(text))
  } catch {
    return {}
  }
}

/** Whether an error of the list has the reason's code and sentence, and the first one stands at the top as well. */
function saysReason({ code, message }: ReasonRow, body: Members): boolean {
  if (!Array.isArray(body.errors)) return false
  const errors = body.errors.map(members)
  const [first] = errors
  const [before = '', after = ''] = message.en('\0').split('\0')
  const isRepeated =
    body.message === first?.message && (typeof body.code === 'number' || body.code === first?.code)
  return (
    isRepeated &&
    errors.some(
      (error) =>
        error.code === code &&
        typeof error.message === 'string' &&
        // What a sentence is about may be left out of it.
        (error.message === message.en('') ||
          (error.message.startsWith(before) && error.message.endsWith(after))),
    )
  )
}
