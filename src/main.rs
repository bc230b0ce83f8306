//! Reads the command line, hands over, sets the exit code.

use mimalloc::MiMalloc;
use zeroizing_alloc::ZeroAlloc;

/// Whatever is freed is overwritten: configs, diffs and frames hold secrets, in more copies than could be found one by one.
#[global_allocator]
static MEMORY: ZeroAlloc<MiMalloc> = ZeroAlloc(MiMalloc);

fn main() -> std::process::ExitCode {
    openclaw_harden::cli::main()
}
