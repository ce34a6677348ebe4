/** `npm start -- --listen …` and `npm run chancery -- COMMAND …`: the program from its sources. */
import { endWithNpm } from './npm-parent.mjs'
import { runProgram } from './program.mjs'

endWithNpm()
await runProgram('src/main.ts', process.argv.slice(2))
