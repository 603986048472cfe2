import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action } from '../../../transforms/tool-use/action.ts'
import { readShellCommand } from '../../../transforms/tool-use/shell-command.ts'

const COMMANDS: Readonly<Record<Action, readonly string[]>> = {
  test: [
    'pytest -x tests/',
    'cd /testbed && python -m pytest tests/test_a.py -k "a or b" 2>&1 | tail -20',
    'PYTHONPATH=. DJANGO=1 timeout 600 python3.9 -Wd -m unittest discover',
    'python tests/runtests.py queries',
    './tests/runtests.py --parallel 1 queries',
    './manage.py test app',
    'python manage.py test app.tests',
    'python test_edge_cases.py',
    'cat > t.py <<EOF\nx\nEOF\npython3 reproduce_test.py',
    'python setup.py test',
    'python -m coverage run -m pytest',
    'coverage run -m pytest -q',
    'poetry run pytest',
    'uv run --with x pytest',
    'conda run -n testbed pytest',
    'sudo -u me env A=1 nice -n 5 pytest',
    'bash -lc "cd a && pytest"',
    "sh -c 'go test ./...'",
    'eval "pytest -q"',
    'bash <<EOF\ncd a\npytest\nEOF',
    'bash run_tests.sh',
    'bin/test sympy/physics',
    'npm test -- --watch=false',
    'npm run test:unit',
    'npm --prefix web t',
    'yarn jest src/a',
    'pnpm --filter core test',
    'npx -y jest --ci',
    'npx vitest run',
    'node --test "test/**/*.test.js"',
    'node test/parser.spec.js',
    'go test ./... -run TestA',
    'cargo +nightly test --lib',
    'cargo nextest run',
    'mvn -q -Dtest=ATest test',
    './mvnw verify',
    './gradlew :core:test --tests A',
    'gradle integrationTest',
    'make test',
    'make -j4 check',
    'make run-unit-tests',
    'ctest --output-on-failure',
    'vendor/bin/phpunit tests',
    'php vendor/bin/phpunit',
    'php artisan test',
    'bundle exec rspec spec/a_spec.rb',
    'ruby -Itest test/a_test.rb',
    'tox -e py39',
    'hatch run test',
    'pdm run test -q',
    'uv run --with x test',
    'npx mocha build.spec.ts',
    'ruby spec/user_spec.rb',
    'rake spec:models',
    'echo "$(pytest 2>&1 | tail -3)"',
    "cat <<'EOF' | bash\ncd a\npytest\nEOF",
    'nox -s tests',
    'find tests -name "test_*.py" | xargs -n 1 -P 4 pytest',
    'for f in a b; do pytest $f; done',
    'if true; then pytest; fi',
    'time pytest > /tmp/log.txt 2>&1',
    'python -c "import pytest; pytest.main([\'-x\'])"',
    "sed -i 's/a/b/' a.py && pytest && git diff",
  ],
  edit: [
    "sed -i 's/a/b/' a.py",
    "sed -Ei.bak 's/a/b/' a.py",
    'sed --in-place s/a/b/ a.py',
    "cat > a.py <<'EOF'\nimport pytest\npytest.main()\nEOF",
    "cat <<'EOF' >> a.py\nx\nEOF",
    'echo "x" > a.txt',
    'printf x > /tmp/a.py',
    'echo x | tee a.txt',
    'echo x | sudo tee -a /etc/hosts',
    'patch -p1 < a.patch',
    'git apply a.patch',
    "perl -pi -e 's/a/b/' a.py",
    "find . -name '*.py' -exec sed -i s/a/b/ {} +",
    "grep -rl a . | xargs sed -i 's/a/b/g'",
    "python3 - <<'EOF'\nopen('a.py', 'w').write('x')\nEOF",
    "python -c \"from pathlib import Path; Path('a').write_text('x')\"",
    'head -n 10 a.py > b.py && mv b.py a.py',
    'grep -v x a.py > b.py',
    'edit 12:14\n    make test\nend_of_edit',
    ': > a.py',
    "cat <<'EOF' | python\nopen('a.py', 'w').write('x')\nEOF",
    "cat - <<'EOF' | python3 -\nPath('a.py').write_text('x')\nEOF",
    `echo "open('a.py', 'w').write('x')" | python`,
  ],
  build: [
    'make',
    'make -j8 all CFLAGS=-O2',
    'cmake --build build',
    'pip install -e .',
    'python -m pip install pytest',
    'python setup.py build_ext --inplace',
    'npm ci',
    'npm run build',
    'yarn',
    'go build ./...',
    'cargo check',
    'gcc -o a a.c && ./a',
    'mvn -DskipTests package',
    './gradlew assemble',
    'apt-get update && apt-get install -y llvm',
    'make 2>&1 | tee build.log',
    'tsc -p .',
  ],
  git: [
    'git diff',
    'git -C /testbed log --oneline -5',
    'git stash && git checkout -- a.py',
    'git diff > patch.txt',
    'echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT && git add -A && git diff --cached',
    'git log | grep fix',
  ],
  search: [
    'grep -rn "pytest" src',
    'rg foo -l | head -5',
    'find . -name "*.py" | xargs grep foo',
    'find . -name test_a.py',
    'find . -name "*.c" -exec cat {} \\;',
    'cat a.py | grep -A 15 "def test"',
    'git grep foo',
    'search_dir "make test"',
    'grep "> a" b.py 2>/dev/null',
  ],
  read: [
    'cat tests/test_a.py',
    "sed -n '10,20p' a.py",
    "sed -n '/a/,/b/p' a.py | head -n 50",
    'cd /testbed && ls -la',
    'nl -ba a.py | sed -n 1,5p',
    'head -50 a.py; tail a.py',
    'open src/a.py 12',
    'awk "NR==1" a.py',
    'cat a.txt > /dev/null',
  ],
  other: [
    '',
    'cd /testbed',
    'python reproduce.py',
    'python check_spec.py',
    'python build_spec.py --out a',
    'npm run generate-spec',
    'test -f a && echo $(nproc)',
    "cat <<'EOF' | python\nprint(1)\nEOF",
    'python reproduce.py 2>&1 | head -20',
    'python reproduce.py > /tmp/out.txt',
    './a.out | grep -c x',
    'python -c "print(1)"',
    'rm -rf reproduce.py test_edge.py',
    'mkdir -p a/tests',
    'echo "run pytest"',
    'pytest --version',
    'python -m pytest --help | grep dirs',
    'pip list',
    'test -f a && echo yes',
    'submit',
    'which pytest',
    '# pytest',
    'export A=1',
    'node index.js',
  ],
}

for (const [action, commands] of Object.entries(COMMANDS))
  test(`these commands are of the kind ${action}`, () => {
    for (const command of commands) assert.equal(readShellCommand(command).action, action, command)
  })

test('the steps of a command line are told apart, also those of a shell within it', () => {
  const { steps } = readShellCommand("cd a && sed -i s/a/b/ c; bash -c 'pytest && git log --all' || ls")
  assert.deepEqual(
    steps.map((step) => `${step.action}${step.joint}${step.looksAhead ? ' ahead' : ''}`),
    ['other&&', 'edit;', 'test&&', 'git|| ahead', 'read;'],
  )
})

test('a command that changes what the tests see is told apart, whatever its kind', () => {
  const changes = (command: string): boolean =>
    readShellCommand(command).steps.some((step) => step.changesTree)
  for (const command of [
    'sed -i s/a/b/ c',
    'git checkout a.py',
    'git checkout HEAD -- a.py',
    'git switch -c new origin/main',
    'git restore a.py',
    'git stash',
    'git stash pop',
    'git -C a reset -q --hard',
    'git revert HEAD',
    'git cherry-pick x',
    'git merge x',
    'git rm a.py',
    'git mv a.py b.py',
    'git clean -fd',
    'mv a.py.bak a.py',
    'mv a.py a.py.bak',
    'cp /tmp/a.py src/a.py',
    'edit 1:2\nx\nend_of_edit',
  ])
    assert.equal(changes(command), true, command)
  for (const command of [
    'git diff',
    'git checkout -b new',
    'git switch -q -c new',
    'git restore --staged a.py',
    'git stash list',
    'git reset',
    'git rm --cached a.py',
    'git clean -nd',
    'cp a.py /tmp/a.py',
    'cp a.py a.py.bak',
    'rm reproduce.py',
    'pytest',
  ])
    assert.equal(changes(command), false, command)
})

test('hostile commands are read', () => {
  const nested = (depth: number): string =>
    depth === 0 ? 'pytest' : `bash -c ${JSON.stringify(nested(depth - 1))}`
  assert.equal(readShellCommand(nested(3)).action, 'test')
  readShellCommand(nested(12))
  readShellCommand('bash -c "'.repeat(100_000))
  readShellCommand(`bash -c "${'a;'.repeat(400_000)}"`)
  readShellCommand(`python ${'-m coverage run '.repeat(60_000)}`)
  readShellCommand('sudo '.repeat(200_000))
  readShellCommand('eval '.repeat(200_000))
  readShellCommand(`find . ${'-exec find '.repeat(100_000)}`)
  readShellCommand(`git ${'a..'.repeat(300_000)}`)
  readShellCommand('A=1 '.repeat(250_000))
  readShellCommand(`make ${'test-'.repeat(200_000)}`)
  readShellCommand(`python ${'-m '.repeat(300_000)}`)
  readShellCommand('echo $('.repeat(150_000))
  readShellCommand('echo "$('.repeat(150_000))
  readShellCommand('echo "`'.repeat(150_000))
  readShellCommand(`x ${'$(a) '.repeat(200_000)}`)
  readShellCommand(`x "${'$(a)`b`'.repeat(120_000)}"`)
  readShellCommand(`git log ${'3f2a9c1..'.repeat(100_000)}`)
  readShellCommand(`git log ${'a '.repeat(400_000)}`)
  readShellCommand('echo $(a) | bash | '.repeat(50_000))
})
