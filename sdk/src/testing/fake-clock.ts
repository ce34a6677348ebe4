import type { Clock } from '../clock.ts'

/**
 * A clock on which time passes only while everything waits for it: when nothing else is left to do, it jumps to the
 * next task.
 */
export class FakeClock implements Clock {
  readonly #startedAtMs: number
  #elapsedMs = 0
  readonly #tasks = new Set<{ readonly atMs: number; readonly run: () => void }>()
  #isPumping = false

  constructor(startedAt = '2026-03-01T12:00:00Z') {
    this.#startedAtMs = Date.parse(startedAt)
  }

  now(): number {
    return this.#startedAtMs + this.#elapsedMs
  }

  elapsed(): number {
    return this.#elapsedMs
  }

  schedule(delayMs: number, run: () => void): () => void {
    const task = { atMs: this.#elapsedMs + delayMs, run }
    this.#tasks.add(task)
    this.#pump()
    return () => this.#tasks.delete(task)
  }

  #pump(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    setImmediate(() => {
      this.#isPumping = false
      const [next] = [...this.#tasks].sort((a, b) => a.atMs - b.atMs)
      if (next === undefined) return
      this.#tasks.delete(next)
      this.#elapsedMs = Math.max(this.#elapsedMs, next.atMs)
      next.run()
      if (this.#tasks.size > 0) this.#pump()
    })
  }
}
