/** The source of the module that holds the compiled kernels. Throws what the compiler says. */
export function compiledModule(): Promise<string>;
