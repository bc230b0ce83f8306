//! Reads the command line, hands over, sets the exit code.

use std::alloc::System;
use zeroizing_alloc::ZeroAlloc;

/// Whatever is freed is overwritten: configs, diffs and frames hold secrets, in more copies than could be found one by one.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> std::process::ExitCode {
    openclaw_harden::cli::main()
}
