import type { HttpAnswer } from '../../support/http.ts'
import type { Provoked } from '../conformance.ts'
import { isCode, wireCodes } from './wire-codes.ts'
import { members } from './world.ts'

/** What was provoked so far. */
export class Rows {
  readonly provoked: Provoked[] = []

  /**
   * Notes what a condition came to.
   * @param code as in `wireCodes`. @param exactly the code that has to be answered, where part of it varies
   */
  async add(
    code: string,
    condition: string,
    answer: HttpAnswer | Promise<HttpAnswer>,
    exactly?: string,
  ): Promise<void> {
    const { status, text } = await answer
    const httpStatus = wireCodes.find(({ name }) => name === code)?.status
    if (httpStatus === undefined) throw new Error(`no code ${code}`)
    const isAnswered = codesOf(text).some((each) =>
      exactly === undefined ? isCode(code, each) : each === exactly,
    )
    const shown = exactly === undefined || exactly === code ? condition : `${condition}: \`${exactly}\``
    this.provoked.push({
      ...{ code, httpStatus, condition: shown, answer: { status, body: text } },
      reached: status === httpStatus && isAnswered,
    })
  }
}

function codesOf(text: string): readonly string[] {
  if (!text.startsWith('{')) return []
  const { errors } = members(JSON.parse(text))
  if (!Array.isArray(errors)) return []
  return errors.map((error: unknown) => String(members(error).code))
}
