import type { Socket } from 'node:net'
import { sourceOf } from '../../core/limits/source-of.ts'
import { isLoopback } from '../configuration/address.ts'

/** Counts open connections by where they come from and closes those past the limit. */
export class ConnectionLimit {
  readonly #maximum: number
  readonly #isExempt: (address: string) => boolean
  readonly #open = new Map<string, number>()

  /**
   * @param maximum most open connections from one source
   * @param isTrusted addresses without a limit, such as proxies that carry many callers; loopback has none either
   */
  constructor(maximum: number, isTrusted: (address: string) => boolean) {
    this.#maximum = maximum
    this.#isExempt = (address) => isLoopback(address) || isTrusted(address)
  }

  /** Takes a new connection into account; false when it was closed because its source has too many. */
  admit(socket: Socket): boolean {
    const address = socket.remoteAddress
    if (address === undefined || this.#isExempt(address)) return true
    const source = sourceOf(address)
    const open = this.#open.get(source) ?? 0
    if (open >= this.#maximum) {
      socket.destroy()
      return false
    }
    this.#open.set(source, open + 1)
    socket.once('close', () => this.#release(source))
    return true
  }

  #release(source: string): void {
    const open = (this.#open.get(source) ?? 1) - 1
    if (open > 0) this.#open.set(source, open)
    else this.#open.delete(source)
  }
}
