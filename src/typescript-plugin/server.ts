// The part of the TypeScript server's interface that the plugin uses, from TypeScript 5.0 on. Types only.

export interface ResolvedModule {
  resolvedFileName: string;
  extension: string;
  isExternalLibraryImport?: boolean;
}

export interface ModuleResolution {
  readonly resolvedModule: ResolvedModule | undefined;
}

export interface TypeResolution {
  readonly resolvedTypeReferenceDirective:
    | { primary: boolean; resolvedFileName: string | undefined; isExternalLibraryImport?: boolean }
    | undefined;
}

type CompilerOptions = object;

/** What a language service asks for: the project. */
export interface Host {
  resolveModuleNameLiterals?(
    literals: readonly { text: string }[],
    containingFile: string,
    redirected: unknown,
    options: CompilerOptions,
    ...rest: unknown[]
  ): readonly ModuleResolution[];
  resolveTypeReferenceDirectiveReferences?(
    references: readonly (string | { fileName: string })[],
    containingFile: string,
    ...rest: unknown[]
  ): readonly TypeResolution[];
}

export interface CreateInfo {
  project: { getCurrentDirectory(): string };
  languageService: object;
  languageServiceHost: Host;
  /** The disk, as the server sees it. */
  serverHost: object;
}

export interface PluginModule {
  create(info: CreateInfo): object;
}

export interface TypeScript {
  resolveModuleName(name: string, containingFile: string, options: CompilerOptions, host: object): ModuleResolution;
  resolveTypeReferenceDirective(
    name: string,
    containingFile: string | undefined,
    options: CompilerOptions,
    host: object,
  ): TypeResolution;
}
