//! Embeds the console's bundle: with the feature `embed-console`, every file of `frontend/dist` goes into the
//! binary, as it is and in brotli. Without it the bundle is empty, so that checks and tests need no Trunk.

use sha2::{Digest, Sha256};
use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

/// Trunk's own page: the server renders its pages itself.
const NOT_SERVED: &str = "index.html";
const NO_BUNDLE: &str = "none";

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../frontend/dist");
    println!("cargo::rerun-if-changed=build.rs");
    let code = if env::var_os("CARGO_FEATURE_EMBED_CONSOLE").is_some() {
        println!("cargo::rerun-if-changed={}", dist.display());
        embed(&dist, &out)?
    } else {
        format!(
            "/// The bundle's hash.\npub const HASH: &str = \"{NO_BUNDLE}\";\nconst FILES: &[File] = &[];\n"
        )
    };
    fs::write(out.join("bundle.rs"), code)?;
    Ok(())
}

/// The code that includes every file, and a hash of them all.
fn embed(dist: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let mut names: Vec<String> = fs::read_dir(dist)
        .map_err(|error| format!("{}: {error}; `cargo xtask console` builds the bundle", dist.display()))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name != NOT_SERVED)
        .collect();
    names.sort();
    let (mut hash, mut files) = (Sha256::new(), String::new());
    for name in &names {
        let path = dist.join(name).canonicalize()?;
        let bytes = fs::read(&path)?;
        hash.update(name);
        hash.update(&bytes);
        let packed = out.join(format!("{name}.br"));
        fs::write(&packed, brotli(&bytes)?)?;
        writeln!(
            files,
            "    File {{ name: {name:?}, plain: include_bytes!({path:?}), brotli: include_bytes!({packed:?}) }},"
        )?;
    }
    let hash: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!(
        "/// The bundle's hash.\npub const HASH: &str = \"{hash}\";\nconst FILES: &[File] = &[\n{files}];\n"
    ))
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let (buffer, quality, window) = (64 * 1024, 11, 22);
    let mut writer = brotli::CompressorWriter::new(Vec::new(), buffer, quality, window);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}
