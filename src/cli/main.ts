import yargs from 'yargs'
import { MailsyncError } from '../../records/error.js'
import { didYouMean } from '../config/suggest.js'
import type { ExitCode, Io } from '../io.js'
import { inertLines } from '../render/inert-lines.js'
import { renderErrorJson } from '../render/json/error-json.js'
import { renderError } from '../render/text/error-text.js'
import { renderProblems } from '../render/text/problems-text.js'
import { SpecErrors } from '../session.js'
import { COMMANDS, describeCommands } from './command-line.js'

/** Runs one command line. Never throws: what goes wrong is told on stderr and in the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await run(argv, io)
  } catch (error) {
    return tell(error, argv, io)
  }
}

function tell(error: unknown, argv: readonly string[], { out, err }: Io): ExitCode {
  if (wantsJson(argv)) out.write(renderErrorJson(error))
  if (error instanceof SpecErrors) {
    err.write(renderProblems(error.problems, { colour: err.colour }))
    err.write('Nothing was changed.\n')
    return 1
  }
  if (error instanceof MailsyncError) {
    err.write(renderError(error, { colour: err.colour }))
    return error.code === 'guard' || error.code === 'stale' ? 3 : 1
  }
  err.write(
    `${inertLines(error instanceof Error ? (error.stack ?? error.message) : String(error)).join('\n')}\nThis is a bug in mailsync; please report it with the lines above.\n`,
  )
  return 70
}

async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0
  const finish = async (command: Promise<ExitCode>): Promise<void> => {
    code = await command
  }
  const parser = describeCommands(yargs([...argv]), io, finish)
    .wrap(Math.min(io.err.columns, 110))
    .exitProcess(false)
    .fail((message, error) => {
      throw error instanceof MailsyncError || !message ? error : usageError(message, argv)
    })
  await parser.parseAsync([...argv], {}, (_error, _argv, help) => {
    if (help !== '') io.out.write(`${help}\n`)
  })
  return code
}

/** What yargs did not understand, with the command that was probably meant. */
function usageError(message: string, [command = '']: readonly string[]): MailsyncError {
  if (message === `Unknown argument: ${command}` && !command.startsWith('-'))
    return new MailsyncError('usage', `there is no command ${JSON.stringify(command)}`, {
      hint: didYouMean(command, COMMANDS),
    })
  return new MailsyncError('usage', message, {
    hint: 'mailsync --help shows the commands, mailsync COMMAND --help their options',
  })
}

/** Whether the command line asks for JSON, which is then all that stdout carries, errors included. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((arg, index) => arg === '--format=json' || (arg === '--format' && argv[index + 1] === 'json'))
}
