//! `cargo xtask fuzz`: feeds the fuzz targets with input that is made up and bred by what it reaches. What they check stands
//! in their own files. They need a C++ compiler, for the fuzzer's own code, and no other toolchain than ours.

use std::fs;

use clap::Args;

use crate::process::{Failure, Result, exists, output, run as run_program, say};
use crate::workspace::{cargo, root, target};

/// How `cargo xtask fuzz` is called.
#[derive(Args)]
pub struct Options {
    /// How many seconds each target runs
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// The crates with fuzz targets, and the names of these.
const TARGETS: [(&str, &str); 5] = [
    ("crates/usersig/fuzz", "verify"),
    ("crates/tabular/fuzz", "csv"),
    ("crates/tabular/fuzz", "ndjson"),
    ("crates/tabular/fuzz", "xlsx"),
    ("crates/tabular/fuzz", "open"),
];

/// Makes the compiler count what is reached, for the fuzzer to read.
const WATCHED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

/// Runs the command.
pub fn run(options: &Options) -> Result<()> {
    if !exists("c++") {
        return Err(Failure::new("the fuzzer needs a C++ compiler: install g++ or clang"));
    }
    let host = host()?;
    for (folder, name) in TARGETS {
        let folder = root().join(folder);
        let built = target().join("fuzz");
        let mut build = cargo();
        // For a target that is named, so that build scripts are not watched.
        build.args(["build", "--release", "--locked", "--target", &host]);
        build.arg("--manifest-path").arg(folder.join("Cargo.toml"));
        run_program(build.env("CARGO_TARGET_DIR", &built).env("RUSTFLAGS", WATCHED))?;
        // What earlier runs found worth keeping.
        let corpus = built.join("corpus").join(name);
        fs::create_dir_all(&corpus)?;
        say(format_args!(
            "{name} for {} seconds; what breaks it is kept in {}",
            options.seconds,
            built.display()
        ));
        let mut fuzzer = std::process::Command::new(built.join(&host).join("release").join(name));
        fuzzer
            .arg(&corpus)
            .arg(folder.join("seeds").join(name))
            .arg(format!("-artifact_prefix={}/", built.display()));
        fuzzer.args(["-timeout=5", "-rss_limit_mb=1024", "-max_len=16384", "-print_final_stats=1"]);
        run_program(fuzzer.arg(format!("-max_total_time={}", options.seconds)))?;
    }
    Ok(())
}

/// The name of the machine that we run on, as the compiler calls it.
fn host() -> Result<String> {
    let said = output(std::process::Command::new("rustc").arg("-vV"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned);
    host.ok_or_else(|| Failure::new("rustc did not name this machine"))
}
