import { LanguageTally } from './language-tally.ts'
import { isScratchFile } from './scratch-file.ts'
import { isTestFile } from './test-file.ts'
import { type FileChange, readUnifiedDiff } from './unified-diff.ts'

/** What a patch does. Counts are those of `git apply --numstat`, run outside a repository. */
export interface PatchFacts {
  /** Changes to files: a file that the patch changes in two places under two headers counts twice. */
  readonly files: number
  readonly hunks: number
  /** Lines; none for binary files. */
  readonly addedLines: number
  readonly removedLines: number
  readonly newFiles: number
  readonly deletedFiles: number
  readonly renamedFiles: number
  readonly binaryFiles: number
  /** Files that stay and whose mode changes (executable, symbolic link), with or without other changes. */
  readonly modeChanges: number
  /** Added + removed lines by linguist's language name, most first; files of unknown languages are left out. */
  readonly languages: ReadonlyMap<string, number>
  /**
   * Key of the programming language with most changed lines, ties by name; of the data, markup or prose
   * language with most where there is no programming language; null where none is known.
   */
  readonly language: string | null
  /** Files named like tests that are no scratch files. */
  readonly testFiles: number
  /** New files that look left behind. */
  readonly scratchFiles: number
  /**
   * One path a file, in the patch's order: after the change, of deleted files before it; unquoted, without a/
   * and b/. The strings may keep the patch in memory.
   */
  readonly paths: readonly string[]
  /** Whether git refuses the patch: the numbers then cover what came before the fault, and mean nothing. */
  readonly malformed: boolean
  /** Where and why git would refuse, such as `line 120: the hunk ends after 3 of 7 old lines and …`. */
  readonly malformedReason: string | null
}

/**
 * Reads a patch's facts in one pass, linear in its length. A patch of nothing but white space has none: it
 * yields zeros and is not malformed.
 */
export function analysePatch(patch: string): PatchFacts {
  const facts = {
    files: 0,
    hunks: 0,
    addedLines: 0,
    removedLines: 0,
    newFiles: 0,
    deletedFiles: 0,
    renamedFiles: 0,
    binaryFiles: 0,
    modeChanges: 0,
    testFiles: 0,
    scratchFiles: 0,
  }
  const tally = new LanguageTally()
  const paths: string[] = []
  const malformedReason = readUnifiedDiff(patch, (change) => {
    const isNew = change.isNew || isNowhere(change.oldName)
    const isDeleted = change.isDeleted || isNowhere(change.newName)
    const path = pathOf(change, isDeleted)
    const isScratch = isNew && isScratchFile(path)
    facts.files++
    facts.hunks += change.hunks
    facts.addedLines += change.addedLines
    facts.removedLines += change.removedLines
    facts.newFiles += Number(isNew)
    facts.deletedFiles += Number(isDeleted)
    facts.renamedFiles += Number(change.isRenamed)
    facts.binaryFiles += Number(change.isBinary)
    facts.modeChanges += Number(!isNew && !isDeleted && changesMode(change))
    facts.scratchFiles += Number(isScratch)
    facts.testFiles += Number(!isScratch && isTestFile(path))
    tally.add(path, change.addedLines + change.removedLines)
    paths.push(path)
  })
  const ranked = tally.ranked()
  const [main] = ranked.find(([language]) => language.type === 'programming') ?? ranked[0] ?? []
  return {
    ...facts,
    languages: new Map(ranked.map(([language, lines]) => [language.name, lines])),
    language: main?.key ?? null,
    paths,
    malformed: malformedReason !== null,
    malformedReason,
  }
}

/** Below `diff --git`, git reads `/dev/null` without a `new file mode` or `deleted file mode` as a name. */
function isNowhere(name: string | null): boolean {
  return name === 'dev/null'
}

function pathOf({ oldName, newName, unprefixedName }: FileChange, isDeleted: boolean): string {
  return unprefixedName ?? (isDeleted ? oldName : newName) ?? oldName ?? ''
}

function changesMode({ oldMode, newMode }: FileChange): boolean {
  return oldMode !== null && newMode !== null && oldMode !== newMode
}
