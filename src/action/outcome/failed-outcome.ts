import { MailsyncError } from '../../../records/error.js'
import { bugText } from '../../failure.js'
import type { Problem } from '../../problem.js'
import { SpecErrors } from '../../problem.js'
import { markdownSentence } from '../../render/markdown/markdown.js'
import { problemList } from '../../render/markdown/problem-markdown.js'
import type { Outcome } from './outcome.js'

/** What is told of a run that could not go on: the errors of the spec, a failure, or a bug of ours. */
export function failedOutcome(error: unknown): Outcome {
  if (error instanceof SpecErrors) return outcomeOf(`${error.message}; nothing was changed`, error.problems)
  if (error instanceof MailsyncError) return outcomeOf(error.message, [problemOf(error)])
  const hint = 'this is a bug in mailsync; please report it with the lines above'
  return outcomeOf('mailsync has a bug', [{ rule: 'bug', severity: 'error', message: bugText(error), hint }])
}

function problemOf({ code, message, hint, where }: MailsyncError): Problem {
  const { file, line = 1, column = 1, zone, provider } = where
  return {
    rule: code,
    severity: 'error',
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(file === undefined ? {} : { where: { file, line, column } }),
    ...(zone === undefined ? {} : { zone }),
    ...(provider === undefined ? {} : { provider }),
  }
}

function outcomeOf(failure: string, problems: readonly Problem[]): Outcome {
  return {
    failure,
    problems,
    markdown: (limit) => {
      const head = ['### mailsync could not go on', '', `**${markdownSentence(failure)}**`, ''].join('\n')
      return `${head}\n${problemList(problems, limit - head.length - 1)}`
    },
  }
}
