import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../fixtures/drift/', import.meta.url));

const program = ts.createProgram(
  readdirSync(folder).map((name) => folder + name),
  {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
  },
);

function errorsOf(name: string): string[] {
  const file = program.getSourceFile(folder + name);
  return ts
    .getPreEmitDiagnostics(program, file)
    .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}

describe('a guard that drifted from its proto', () => {
  it.each([
    ['missing-key.ts', 'name'],
    ['extra-key.ts', 'nickname'],
    ['other-type.ts', 'name'],
    ['nested.ts', 'attachments'],
  ])('given %s, when compiled, then the error names %s', (file, key) => {
    const errors = errorsOf(file);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(`differsFromProtoIn: "${key}"`);
  });

  it('given equal descriptions, when compiled, then there is no error', () => {
    expect(errorsOf('same.ts')).toEqual([]);
  });
});
