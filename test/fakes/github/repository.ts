import { createHash } from 'node:crypto'

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

export interface FakeCommit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
}

export interface FakeProposal {
  readonly number: number
  /** Branches. */
  readonly head: string
  readonly base: string
  title: string
  body: string
  state: 'open' | 'closed'
}

/** What a repository on GitHub holds, as far as mailsync and the example workflows meet it. */
export class FakeRepository {
  readonly name: string
  readonly issues: FakeIssue[] = []
  readonly comments: FakeComment[] = []
  readonly runs: FakeRun[] = []
  readonly merged: FakePull[] = []
  readonly proposals: FakeProposal[] = []
  /** By sha: each file of a tree, by path. */
  readonly trees = new Map<string, ReadonlyMap<string, string>>()
  readonly commits = new Map<string, FakeCommit>()
  /** Branch → commit. */
  readonly branches = new Map<string, string>()
  /** The setting "Allow GitHub Actions to create and approve pull requests". */
  allowsProposals = true
  readonly artifacts: FakeArtifact[] = []
  /** Key → the text of the file, the oldest first. */
  readonly caches = new Map<string, string>()
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

  /** As Git has it: the same files are the same tree. */
  addTree(files: ReadonlyMap<string, string>): string {
    const sha = shaOf([...files].sort())
    this.trees.set(sha, files)
    return sha
  }

  addCommit(tree: string, parents: readonly string[], message: string): FakeCommit {
    const commit = { sha: shaOf([tree, parents, message, ++this.#ids]), tree, parents, message }
    this.commits.set(commit.sha, commit)
    return commit
  }

  /** Puts a commit with these files, and no others, on a branch. */
  push(branch: string, files: Readonly<Record<string, string>>): FakeCommit {
    const parent = this.branches.get(branch)
    const commit = this.addCommit(this.addTree(new Map(Object.entries(files))), parent ? [parent] : [], 'a push')
    this.branches.set(branch, commit.sha)
    return commit
  }

  fileOn(branch: string, path: string): string | undefined {
    const commit = this.commits.get(this.branches.get(branch) ?? '')
    return this.trees.get(commit?.tree ?? '')?.get(path)
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

function shaOf(content: unknown): string {
  return createHash('sha1').update(JSON.stringify(content)).digest('hex')
}
