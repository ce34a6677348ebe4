/** Ends what a section started and removes what it made, latest first; also when the process is interrupted. */
export class CleanUp {
  readonly #steps: (() => unknown)[] = []
  readonly #onExit = () => {
    for (const step of this.#steps.splice(0).reverse()) step()
  }

  constructor() {
    process.on('exit', this.#onExit)
  }

  after(step: () => unknown): void {
    this.#steps.push(step)
  }

  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) await step()
    process.removeListener('exit', this.#onExit)
  }
}
