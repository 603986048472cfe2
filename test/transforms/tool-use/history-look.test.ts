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
    'git ls-remote origin',
    'git diff 3f2a9c1',
    'git diff HEAD 3f2a9c1',
    'git diff HEAD..3f2a9c1 -- a.py',
    'git diff 3f2a9c1...HEAD',
    'git checkout 3f2a9c1 -- src/x.py',
    'git restore --source=3f2a9c1 x.py',
    'git restore --source 3f2a9c1~2 x.py',
    'git reset --hard 3f2a9c1',
    'git log 3f2a9c1',
    'git log -S total 3f2a9c1',
    'git cat-file -p 3f2a9c1',
    'git revert --no-commit 3f2a9c1',
    'git cherry-pick -n 3f2a9c1',
    'git worktree add -b a ../new 3f2a9c1',
    'git show origin:src/x.py',
    'git log origin',
    'git merge upstream',
    'git log HEAD..origin',
    'git grep total origin/main -- src',
    'git tag --contains 3f2a9c1',
    'git branch --contains=HEAD',
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
    'git diff HEAD~3 HEAD',
    'git checkout a.py',
    'git checkout HEAD~1 -- origin/a.py',
    'git checkout -b 3f2a9c1',
    'git log -S origin',
    'git log --author origin --grep=3f2a9c1',
    'git grep 3f2a9c1',
    'git grep -n origin HEAD~2',
    'git merge -m origin fix',
    'git restore --source=HEAD~1 a.py',
    'git reset --hard HEAD^',
    'git tag -l',
    'git describe --tags',
    'git show ea5e',
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

test('a look is found within substitutions, process substitutions and backticks', () => {
  for (const command of [
    'x=$(git log --all | head)',
    'git grep foo $(git rev-list --all)',
    'echo "last: $(git show 3f2a9c1)"',
    'for c in `git log --all --format=%h`; do echo $c; done',
    'echo "`git reflog`"',
    'diff <(git show origin/main:a.py) a.py',
    'cat <<< "$(git fetch)"',
    'git show $(git log $(git rev-list --all | tail -1) | head -1)',
    'bash -c "echo $(git reflog)"',
    'echo "git fetch" | bash',
  ])
    assert.equal(looks(command), true, command)
  for (const command of [
    "echo '$(git log --all)'",
    'echo "\\$(git log --all)"',
    'echo "\\`git reflog\\`"',
    'echo $((git + fetch))',
    'echo $(git log -3)',
    'cat > notes.md <<EOF\nrun `git fetch`\nEOF',
  ])
    assert.equal(looks(command), false, command)
})
