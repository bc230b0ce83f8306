//! Reads the command line, hands over, sets the exit code.

fn main() -> std::process::ExitCode {
    openclaw_harden::cli::main()
}
