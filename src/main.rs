//! The program: all it does is to run the command it was started with.

use std::process::ExitCode;

fn main() -> ExitCode {
    airlog::app::run()
}
