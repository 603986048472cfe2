import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readShellCommand } from '../../../transforms/tool-use/shell-command.ts'

const looks = (command: string): boolean => readShellCommand(command).steps.some((step) => step.looksAhead)

test('commands that can see commits after the one the task starts from are looks ahead', () => {
  for (const command of [
    'git log --all --oneline -S "def total"',
    'git log --oneline --branches',
    'git log origin/main -5',
    'git log HEAD..origin/main',
    'git log --remotes=origin',
    'git log -g',
    'git rev-list --all | head',
    'git show 3f2a9c1',
    'git show 3f2a9c1d2e:src/a.py | head -20',
    'git show --stat 3f2a9c1^',
    'git -C /testbed --no-pager show 3f2a9c1',
    'git show origin/main:a.py',
    'git cherry-pick 3f2a9c1',
    'git checkout origin/fix -- a.py',
    'git checkout -b new upstream/main',
    'git diff HEAD remotes/origin/main',
    'git diff FETCH_HEAD',
    'git reflog',
    'git fetch --unshallow',
    'git pull',
    'git remote update',
    'git branch -a',
    'git branch -avv | grep fix',
    'git fsck --lost-found',
    'cd a && (git fetch origin || true)',
  ])
    assert.equal(looks(command), true, command)
})

test('looks at the past, at the work tree and at other things are not', () => {
  for (const command of [
    'git log --oneline -5',
    'git log -p -- origin/a.py',
    'git log --grep=all',
    'git show',
    'git show HEAD~3',
    'git show HEAD:a.py',
    'git show --stat',
    'git diff 3f2a9c1',
    'git checkout a.py',
    'git checkout -b fix',
    'git branch',
    'git branch -m new',
    'git stash list',
    'git remote -v',
    'git status --all',
    'git add --all',
    'git commit -am "git fetch"',
    'grep -r "git fetch" .',
    'echo git fetch',
  ])
    assert.equal(looks(command), false, command)
})
