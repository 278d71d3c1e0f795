/** What a token may do, as `permissions:` of a job says it. */
export type Permissions = Partial<Record<'issues' | 'pull-requests' | 'actions' | 'contents', 'read' | 'write'>>

export interface FakeUser {
  readonly login: string
  readonly permissions: Permissions
}

export interface FakeComment {
  readonly id: number
  readonly issue: number
  readonly user: string
  body: string
}

export interface FakeIssue {
  readonly number: number
  readonly user: string
  readonly isPullRequest: boolean
  title: string
  body: string
  state: 'open' | 'closed'
  reason: string | null
  locked: boolean
}

export interface FakeRun {
  readonly id: number
  readonly workflow: string
  readonly headSha: string
  readonly event: string
  readonly conclusion: string
}

export interface FakeArtifact {
  readonly run: number
  readonly name: string
  readonly expired: boolean
  /** Path of each file, and its text. */
  readonly files: ReadonlyMap<string, string>
}

export interface FakePull {
  readonly number: number
  readonly headSha: string
  readonly mergeSha: string
}

/** What a repository on GitHub holds, as far as mailsync and the example workflows meet it. */
export class FakeRepository {
  readonly name: string
  readonly issues: FakeIssue[] = []
  readonly comments: FakeComment[] = []
  readonly runs: FakeRun[] = []
  readonly merged: FakePull[] = []
  readonly artifacts: FakeArtifact[] = []
  hasIssues = true
  #ids = 1000

  constructor(name: string) {
    this.name = name
  }

  addIssue(issue: Partial<FakeIssue> & { readonly title: string; readonly user: string }): FakeIssue {
    const added: FakeIssue = {
      number: this.issues.length + 1,
      isPullRequest: false,
      body: '',
      state: 'open',
      reason: null,
      locked: false,
      ...issue,
    }
    this.issues.push(added)
    return added
  }

  addPullRequest(title = 'A change'): FakeIssue {
    return this.addIssue({ title, user: 'dev', isPullRequest: true })
  }

  addComment(issue: number, user: string, body: string): FakeComment {
    const comment = { id: ++this.#ids, issue, user, body }
    this.comments.push(comment)
    return comment
  }

  commentsOf(issue: number): FakeComment[] {
    return this.comments.filter((comment) => comment.issue === issue)
  }

  openIssues(): FakeIssue[] {
    return this.issues.filter(({ state, isPullRequest }) => state === 'open' && !isPullRequest)
  }
}
