import type { Argv, Options } from 'yargs'
import type { Io } from '../io.js'
import { describeCommands } from './command-line.js'

/** A command as it is described to yargs. */
export interface DescribedCommand {
  readonly name: string
  readonly description: string
  /** By long name. */
  readonly options: ReadonlyMap<string, Options>
  /** Names of what it takes besides options, in order. */
  readonly positionals: readonly string[]
  /** Those of them that take several values. */
  readonly lists: readonly string[]
  readonly commands: readonly DescribedCommand[]
}

type Builder = (parser: Argv) => unknown

/** What `describeCommands` describes, without yargs, which takes longer to load than a shell waits for. */
export function describedCommands(): DescribedCommand {
  return recorded(
    'mailsync',
    '',
    (parser) => describeCommands(parser, { io: {} as Io, finish: async () => {} }),
    new Map(),
  )
}

/** Calls a builder with a parser that only takes down what it is told; options of the command above are its own too. */
function recorded(
  usage: string,
  description: string,
  build: Builder,
  inherited: ReadonlyMap<string, Options>,
): DescribedCommand {
  const words = usage.split(' ')
  const [name = '', ...positionals] = words.map(bare)
  const lists = words.filter((word) => word.includes('..')).map(bare)
  const options = new Map(inherited)
  const commands: DescribedCommand[] = []
  const methods: Record<string, (...given: never[]) => unknown> = {
    option: (option: string, about: Options) => void options.set(option, about),
    options: (several: Readonly<Record<string, Options>>) => {
      for (const [option, about] of Object.entries(several)) options.set(option, about)
    },
    command: (below: string, about: string, builder: Builder) =>
      void commands.push(recorded(below, about, builder, new Map(options))),
  }
  const parser: object = new Proxy(
    {},
    {
      get:
        (_, method: string) =>
        (...given: never[]) => {
          methods[method]?.(...given)
          return parser
        },
    },
  )
  build(parser as Argv)
  return { name, description, options, positionals, lists, commands }
}

/** `[domain..]` → `domain` */
function bare(word: string): string {
  return word.replace(/[<>[\].]/g, '')
}
