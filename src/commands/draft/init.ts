import { dirname, join, resolve } from 'node:path'
import { displayName, type Name, parseHostname } from '../../../records/rr/name.js'
import type { ExitCode } from '../../exit-code.js'
import { completeAnswers } from '../../init/complete-answers.js'
import { completeClass } from '../../init/complete-class.js'
import { type DnsView, type LookAtDns, seenInDns, viewLines, zoneProblems } from '../../init/dns-view.js'
import { draftFor } from '../../init/draft/draft-for.js'
import { wishedDraft } from '../../init/draft/wished-draft.js'
import { packageFile } from '../../init/files/package-file.js'
import { SCHEMA_FILE, schemaPath } from '../../init/files/schema-path.js'
import { hasRoomForWorkflows, workflowProblems, workflowsFor } from '../../init/files/workflows.js'
import {
  alreadyThere,
  gitignore,
  mayOverwrite,
  type NewFile,
  shown,
  taken,
  writeFiles,
} from '../../init/files/write-files.js'
import { providerLines } from '../../init/provider-lines.js'
import { type Questions, questionsOn } from '../../init/questions.js'
import { type InitFlags, missing, readFlags, type Told } from '../../init/told.js'
import { type Completed, whatNext } from '../../init/what-next.js'
import type { Io } from '../../io.js'
import { type Problem, SpecErrors } from '../../problem.js'
import { print } from '../../render/text/print.js'

export interface InitOptions extends InitFlags {
  /** Where the spec is written. */
  readonly config: string
  /** Undefined: somebody is asked, and without a terminal there are none. */
  readonly workflows?: boolean | undefined
  readonly dryRun: boolean
  readonly force: boolean
}

/**
 * `mailsync init`: asks, or takes from the flags, what a first spec has to say; looks at DNS; writes the spec and what belongs
 * beside it. Changes nothing in DNS.
 *
 * @param look undefined where DNS is not to be looked at
 */
export async function initCommand(options: InitOptions, io: Io, look: LookAtDns | undefined): Promise<ExitCode> {
  const directory = dirname(resolve(options.config))
  const { told, problems } = readFlags(options)
  if (options.workflows) problems.push(...(await workflowProblems(options.config)))
  const questions = io.terminal && problems.length === 0 ? await questionsOn(io.terminal, io.signal) : undefined
  const force = options.force || (!options.dryRun && (await mayOverwrite(options.config, questions)))
  const domain = told.domain ?? (questions && (await askDomain(questions)))
  if (domain === undefined) throw new SpecErrors([...problems, ...nothingSaid(options)])
  if (look && io.err.isTerminal) print(io.err, `Looking at the DNS of ${displayName(domain)} …\n`)
  const view = await seenInDns(domain, look, questions)
  if (view) problems.push(...zoneProblems(domain, told.zone, view.zone))
  if (view) print(io.err, `What DNS shows of ${displayName(domain)}:\n${viewLines(domain, view).join('\n')}\n`)
  const plan = await completed({ domain, told, view, questions, problems, directory, options }, io)
  const workflows = options.workflows ?? (await wantsWorkflows(options.config, questions))
  const files = await filesOf(plan, { ...options, workflows }, directory, io)
  if (options.dryRun) {
    io.out.write(plan.refined.text)
    print(io.err, files.map(({ path, adds }) => `Would ${adds ? 'add to' : 'write'} ${shown(path)}.\n`).join(''))
  } else {
    const others = await taken(force ? [] : files)
    if (others.length > 0) throw alreadyThere(others)
    await writeFiles(files, force)
    print(io.err, files.map(({ path, adds }) => `${adds ? 'Added to' : 'Wrote'} ${shown(path)}.\n`).join(''))
  }
  print(
    io.err,
    whatNext(plan, { ...options, workflows, env: io.env })
      .map((line) => `${line}\n`)
      .join(''),
  )
  return 0
}

/** Asks only where they could be written. */
async function wantsWorkflows(config: string, questions: Questions | undefined): Promise<boolean> {
  if (!questions || !(await hasRoomForWorkflows(config))) return false
  return questions.confirm('Write the three GitHub workflows: plan, apply and a look for drift?', false)
}

interface Begun {
  readonly domain: Name
  readonly told: Told
  readonly view: DnsView | undefined
  readonly questions: Questions | undefined
  readonly problems: Problem[]
  readonly directory: string
  readonly options: InitOptions
}

/** Everything that is missing or wrong is told at once. */
async function completed(begun: Begun, io: Io): Promise<Completed> {
  const { domain, told, view, questions, problems, directory, options } = begun
  const base = draftFor(domain, view, told.zone)
  const answers = await completeAnswers(told, { domain, base: base.draft, view, questions })
  if ('problems' in answers) problems.push(...answers.problems)
  const wanted = await completeClass(options, view?.guess, questions)
  if ('problems' in wanted) problems.push(...wanted.problems)
  const ask = questions && ((option: { description: string }) => questions.text(option.description, '', required))
  const provider =
    'problems' in wanted
      ? wanted
      : await providerLines(wanted, { directory, env: io.env, onSecret: io.redaction.add, ...(ask && { ask }) })
  if ('problems' in provider && provider !== wanted) problems.push(...provider.problems)
  if (problems.length > 0 || 'problems' in answers || 'problems' in provider) throw new SpecErrors(problems)
  const found = await schemaPath(directory)
  const wished = wishedDraft({ ...base.draft, provider: provider.draft }, domain, answers, view)
  const refined = await base.refine(wished, {
    provider,
    schema: found ?? `./${SCHEMA_FILE}`,
    today: io.today,
    signal: io.signal,
  })
  return { refined, provider, view, schema: found === undefined ? await packageFile(SCHEMA_FILE) : undefined }
}

function required(text: string): string | undefined {
  return text.trim() === '' ? 'it is required' : undefined
}

async function askDomain(questions: Questions): Promise<Name> {
  const text = await questions.text('Your mail domain, the part after the @', '', (given) => {
    const name = parseHostname(given)
    return typeof name === 'string' ? undefined : name.error
  })
  return parseHostname(text) as Name
}

/** What is missing where not even the domain was told. */
function nothingSaid({ domain, receives, mx, sends, class: type }: InitOptions): Problem[] {
  return [
    ...(domain === undefined
      ? [missing('the mail domain is missing', 'mailsync init DOMAIN, the part after the @')]
      : []),
    ...(receives === undefined && mx.length === 0
      ? [
          missing(
            'what receives its mail is missing',
            '--receives here|google|microsoft|elsewhere|nothing; not needed where DNS has an MX',
          ),
        ]
      : []),
    ...(sends.length === 0
      ? [
          missing(
            'what sends its mail is missing',
            '--sends here|nothing|RELAY (repeatable); not needed where DNS has an SPF',
          ),
        ]
      : []),
    ...(type === undefined
      ? [
          missing(
            'the provider that holds its DNS is missing',
            '--class CLASS, with --option KEY=VALUE; not needed where its name servers are known',
          ),
        ]
      : []),
  ]
}

async function filesOf(plan: Completed, options: InitOptions, directory: string, io: Io): Promise<NewFile[]> {
  const variables = plan.provider.variables.map(([name]) => name)
  const workflows = options.workflows ? await workflowsFor(variables) : []
  const ignore = await gitignore(directory)
  return [
    { path: resolve(options.config), text: io.redaction.text(plan.refined.text) },
    ...(plan.schema === undefined ? [] : [{ path: join(directory, SCHEMA_FILE), text: plan.schema }]),
    ...(ignore ? [ignore] : []),
    ...workflows.map(({ path, text }) => ({ path: join(directory, path), text })),
  ]
}
