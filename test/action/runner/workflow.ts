import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { load } from 'js-yaml'
import pLimit from 'p-limit'
import type { GitHubFake } from '../../fakes/github/github.js'
import type { Permissions } from '../../fakes/github/repository.js'
import { type Contexts, evaluate, filledIn, isRun, type Status } from './expressions.js'
import { temporaryFolder } from './installation.js'
import { runScript, runStep, type Step, type StepResult } from './runner.js'

interface WorkflowStep {
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly permissions: Permissions
  readonly environment?: string
  readonly steps: readonly WorkflowStep[]
  readonly needs?: string | readonly string[]
  readonly if?: string
  readonly strategy?: { readonly matrix: string; readonly 'max-parallel'?: number }
  readonly outputs?: Readonly<Record<string, string>>
}

interface JobEnd {
  readonly result: 'success' | 'failure' | 'skipped'
  readonly outputs: Readonly<Record<string, string>>
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly jobs: Readonly<Record<string, Job>>
}

/** A repository on GitHub with its settings: what runs have to work with. */
export interface Settings {
  readonly github: GitHubFake
  readonly checkout: string
  readonly secrets: Readonly<Record<string, string>>
  /** Secrets of environments, by the environment's name. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What its owner changes in a workflow that was copied. */
  readonly edit?: (workflow: string) => string
}

export interface Trigger {
  readonly event: Step['event']
  readonly sha: string
  /** Of a run by hand. */
  readonly inputs?: Readonly<Record<string, string>>
}

/** A finished run. */
export interface WorkflowRun {
  readonly id: number
  readonly conclusion: 'success' | 'failure'
  readonly log: string
  readonly summary: string
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** How each job ended. */
  readonly jobs: Readonly<Record<string, JobEnd['result']>>
}

/**
 * Runs a workflow, one job after another, those of a matrix a few at a time: the steps with mailsync and the scripts for real,
 * with a token that has the job's `permissions:` and no more; actions of GitHub as far as their effect matters here.
 */
export async function runWorkflow(file: string, trigger: Trigger, settings: Settings): Promise<WorkflowRun> {
  const { edit = (text) => text } = settings
  const workflow = load(edit(await readFile(file, 'utf8'))) as Workflow
  if (!(trigger.event.name in workflow.on)) throw new Error(`${file} is not for ${trigger.event.name}`)
  const { github } = settings
  const id = 9000 + github.repository.runs.length
  const ends = new Map<string, JobEnd>()
  const shown: Pick<WorkflowRun, 'log' | 'summary' | 'outputs'>[] = []
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const names = [job.needs ?? []].flat()
    const needs = Object.fromEntries(names.map((one) => [one, ends.get(one)]))
    const contexts = { ...triggerContexts(trigger), needs }
    if (!isRun(job.if, contexts, statusOf([...ends.values()]))) {
      ends.set(name, { result: 'skipped', outputs: {} })
      continue
    }
    const rows = matrixOf(job, contexts)
    const limit = pLimit(job.strategy?.['max-parallel'] ?? rows.length)
    const runs = await Promise.all(
      rows.map((matrix, index) =>
        limit(async () => {
          const more = { needs, matrix, strategy: { 'job-index': index } }
          const run = new JobRun(job, id, trigger, settings, await temporaryFolder(), more)
          return { run, failed: await run.steps() }
        }),
      ),
    )
    shown.push(...runs.map(({ run }) => run.shown()))
    const result = runs.some(({ failed }) => failed) ? 'failure' : 'success'
    ends.set(name, { result, outputs: Object.assign({}, ...runs.map(({ run }) => run.jobOutputs())) })
  }
  const conclusion = statusOf([...ends.values()])
  github.repository.runs.push({
    id,
    workflow: basename(file),
    headSha: trigger.sha,
    event: trigger.event.name,
    conclusion,
  })
  return {
    id,
    conclusion,
    log: shown.map(({ log }) => log).join(''),
    summary: shown.map(({ summary }) => summary).join(''),
    outputs: Object.assign({}, ...shown.map(({ outputs }) => outputs)),
    jobs: Object.fromEntries([...ends].map(([name, { result }]) => [name, result])),
  }
}

function statusOf(ends: readonly JobEnd[]): Status {
  return ends.some(({ result }) => result === 'failure') ? 'failure' : 'success'
}

function triggerContexts({ event, sha, inputs = {} }: Trigger): Contexts {
  const github = { event: event.payload ?? {}, event_name: event.name, sha, repository: 'acme/dns' }
  return { github, inputs }
}

/** One row for each job. */
function matrixOf({ strategy }: Job, contexts: Contexts): readonly unknown[] {
  if (strategy === undefined) return [{}]
  const matrix = evaluate(strategy.matrix.replace(/^\$\{\{(.*)\}\}$/s, '$1').trim(), contexts)
  const { include } = matrix as { readonly include: readonly unknown[] }
  if (include.length === 0) throw new Error('GitHub refuses a matrix without a job')
  return include
}

class JobRun {
  readonly #job: Job
  readonly #id: number
  readonly #trigger: Trigger
  readonly #settings: Settings
  readonly #temporary: string
  readonly #token: string
  readonly #outputs: Record<string, Readonly<Record<string, string>>> = {}
  readonly #more: Contexts
  readonly #afterwards: (() => Promise<void>)[] = []
  #log = ''
  #summary = ''

  constructor(job: Job, id: number, trigger: Trigger, settings: Settings, temporary: string, more: Contexts) {
    this.#more = more
    this.#job = job
    this.#id = id
    this.#trigger = trigger
    this.#settings = settings
    this.#temporary = temporary
    const permissions = isFork(trigger.event) ? readOnly(job.permissions) : job.permissions
    this.#token = settings.github.token(permissions, { name: `run${id}` })
  }

  shown(): Pick<WorkflowRun, 'log' | 'summary' | 'outputs'> {
    return { log: this.#log, summary: this.#summary, outputs: this.#outputs }
  }

  jobOutputs(): Readonly<Record<string, string>> {
    const { outputs = {} } = this.#job
    return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, filledIn(value, this.#contexts())]))
  }

  /** Whether one failed; those after it are left out, unless they ask for it. */
  async steps(): Promise<boolean> {
    let status: Status = 'success'
    for (const step of this.#job.steps) {
      if (!isRun(step.if, this.#contexts(), status)) continue
      const done = await this.#step(step)
      if (!done) continue
      this.#log += done.log
      this.#summary += done.summary
      if (step.id !== undefined) this.#outputs[step.id] = done.outputs
      if (done.code !== 0) status = 'failure'
    }
    if (status === 'success') for (const save of this.#afterwards) await save()
    return status === 'failure'
  }

  #contexts(): Contexts {
    const { secrets, environments } = this.#settings
    const own = this.#job.environment === undefined ? {} : environments[this.#job.environment]
    const { event } = this.#trigger
    const { github, inputs } = triggerContexts(this.#trigger)
    return {
      ...this.#more,
      github: { ...(github as object), run_id: this.#id, token: this.#token },
      inputs,
      runner: { temp: this.#temporary },
      secrets: isFork(event) ? {} : { ...secrets, ...own },
      steps: Object.fromEntries(Object.entries(this.#outputs).map(([id, outputs]) => [id, { outputs }])),
    }
  }

  async #step({ uses = '', run, with: inputs = {}, env = {} }: WorkflowStep): Promise<StepResult | undefined> {
    const contexts = this.#contexts()
    const fill = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, filledIn(value, contexts)]))
    const step: Step = {
      workspace: this.#settings.checkout,
      event: this.#trigger.event,
      apiUrl: this.#settings.github.url,
      token: this.#token,
      env: {
        GITHUB_SHA: this.#trigger.sha,
        GITHUB_RUN_ID: String(this.#id),
        RUNNER_TEMP: this.#temporary,
        ...fill(env),
      },
    }
    if (run !== undefined) return runScript(run, step)
    const [action] = uses.split('@')
    if (action === 'mailsync/mailsync') return runStep({ ...step, inputs: fill(inputs) })
    if (action === 'actions/upload-artifact') return this.#upload(fill(inputs))
    if (action === 'actions/download-artifact') return this.#download(fill(inputs))
    if (action === 'actions/cache') return this.#cache(fill(inputs))
    if (action !== 'actions/checkout') throw new Error(`what does ${uses} do?`)
    return undefined
  }

  /** What the newest run with such a key left, and for the next one what this leaves; a runner keeps nothing itself. */
  async #cache({ path = '', key = '', 'restore-keys': begin = key }: Record<string, string>): Promise<undefined> {
    const { caches } = this.#settings.github.repository
    const file = join(this.#settings.checkout, path)
    await rm(file, { force: true })
    const kept = [...caches].filter(([name]) => name.startsWith(begin)).at(-1)
    if (kept) await writeFile(file, kept[1])
    this.#afterwards.push(async () => void caches.set(key, await readFile(file, 'utf8')))
  }

  async #upload({ name = '', path = '' }: Record<string, string>): Promise<undefined> {
    const paths = path.split('\n').filter((line) => line !== '')
    const files = await Promise.all(
      paths.map(async (file): Promise<[string, string]> => [basename(file), await readFile(file, 'utf8')]),
    )
    this.#settings.github.repository.artifacts.push({ run: this.#id, name, expired: false, files: new Map(files) })
  }

  /** Those of this run whose names begin so, each into a folder of its own. */
  async #downloadAll(pattern: string, path: string): Promise<undefined> {
    const begin = pattern.replace(/\*$/, '')
    const own = this.#settings.github.repository.artifacts.filter(
      ({ run, name }) => run === this.#id && name.startsWith(begin),
    )
    for (const { name, files } of own) await writeAll(join(path, name), files)
  }

  async #download({
    name,
    pattern,
    path = '',
    'run-id': run,
    'github-token': token,
  }: Record<string, string>): Promise<undefined> {
    const { github } = this.#settings
    if (pattern !== undefined) return this.#downloadAll(pattern, path)
    const url = `${github.url}/repos/${github.repository.name}/actions/runs/${run}/artifacts?name=${name}`
    const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    const artifact = github.repository.artifacts.find((one) => one.name === name && one.run === Number(run))
    if (!reply.ok || !artifact) throw new Error(`no artifact ${name} of run ${run}: ${await reply.text()}`)
    await writeAll(path, artifact.files)
  }
}

async function writeAll(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [file, text] of files) await writeFile(join(folder, file), text)
}

/** GitHub gives such a run no secrets, and a token that may only read. */
function isFork({ name, payload }: Step['event']): boolean {
  const head = (payload as { pull_request?: { head: { repo: { full_name: string } | null } } } | undefined)
    ?.pull_request?.head
  return name === 'pull_request' && head !== undefined && head.repo?.full_name !== 'acme/dns'
}

function readOnly(permissions: Permissions): Permissions {
  return Object.fromEntries(Object.keys(permissions).map((name) => [name, 'read']))
}
