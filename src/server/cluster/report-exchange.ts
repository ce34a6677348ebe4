import type { MetricsReport } from '../metrics.ts'

/** How long figures are waited for; a loop that is busy or gone is left out then. */
const patienceMs = 2000

/**
 * Pairs questions with the answers that come back over a channel. Each question expects a number of answers;
 * what has arrived in time is the result.
 */
export class ReportExchange {
  #lastId = 0
  readonly #open = new Map<
    number,
    { readonly reports: MetricsReport[]; readonly answered: () => void; left: number }
  >()

  /** Asks by `send`, which gets the id that answers carry. */
  ask(expected: number, send: (id: number) => void): Promise<readonly MetricsReport[]> {
    const id = ++this.#lastId
    return new Promise((resolve) => {
      const reports: MetricsReport[] = []
      const answered = () => {
        clearTimeout(timer)
        this.#open.delete(id)
        resolve(reports)
      }
      const timer = setTimeout(answered, patienceMs)
      this.#open.set(id, { reports, answered, left: expected })
      send(id)
      if (expected === 0) answered()
    })
  }

  /** One answer of those expected. */
  answer(id: number, ...reports: readonly MetricsReport[]): void {
    const question = this.#open.get(id)
    if (question === undefined) return
    question.reports.push(...reports)
    if (--question.left <= 0) question.answered()
  }
}
